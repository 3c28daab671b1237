import { DateTime } from 'luxon';
import type { Departure } from './departures';

const FORMAT = 'dd.MM.yyyy HH:mm';

export function departsAt(one: Departure): DateTime {
  return DateTime.fromFormat(one.time, FORMAT, { zone: 'Europe/Berlin' });
}

export function isLate(one: Departure): boolean {
  return one.delay > 15;
}
