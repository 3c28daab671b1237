import { DateTime, Interval } from 'luxon';
import { load } from '../input.mjs';

const start = DateTime.fromISO('2026-03-01T10:00:00', { zone: 'Europe/Berlin' });
await load((turn) => {
  for (let i = 0; i < 50; i++) {
    const day = start.plus({ days: i * 3, hours: turn % 24 });
    day.toFormat('yyyy-LL-dd HH:mm ZZZZ');
    day.setLocale('fr').toLocaleString(DateTime.DATETIME_FULL);
    DateTime.fromFormat('05 11 2026 3:07 pm', 'dd LL yyyy t', { locale: 'en' });
    day.diff(start, ['months', 'days', 'hours']).toHuman();
    day.setZone('America/New_York').startOf('week');
  }
  Interval.fromDateTimes(start, start.plus({ days: 30 })).splitBy({ days: 1 });
}, 3000);
