export interface Local {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
}

const UNITS = ['year', 'month', 'day', 'hour', 'minute'] as const;

/** What clocks of a time zone show at an instant. */
export function local(instant: number, timeZone: string): Local {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' });
  const parts: Partial<Local> = {};
  for (const { type, value } of format.formatToParts(instant)) {
    const unit = UNITS.find((name) => name === type);
    if (unit) parts[unit] = Number(value);
  }
  return parts as Local;
}

/** By how many minutes a time zone is ahead of UTC at an instant. */
export function offset(instant: number, timeZone: string): number {
  const { year, month, day, hour, minute } = local(instant, timeZone);
  return Math.round((Date.UTC(year, month - 1, day, hour, minute) - instant) / 60_000);
}

export function clock({ hour, minute }: Local): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}
