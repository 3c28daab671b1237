import { clockEvents, SITES } from './events.mjs';

const NIGHT_START = 22;
const NIGHT_END = 6;

function localTime(ts, timeZone) {
  return new Date(new Date(ts).toLocaleString('en-US', { timeZone }));
}

function isNight(hour) {
  return hour >= NIGHT_START || hour < NIGHT_END;
}

function splitShift(event, timeZone) {
  const from = localTime(event.start, timeZone);
  const to = localTime(event.end, timeZone);
  let night = 0;
  let day = 0;
  const cursor = new Date(from);
  while (cursor < to) {
    const minutes = Math.min(60, (to - cursor) / 60000);
    if (isNight(cursor.getHours())) night += minutes;
    else day += minutes;
    cursor.setTime(cursor.getTime() + 3600e3);
  }
  return { night, day, weekday: from.getDay() };
}

function payroll(events) {
  const sheet = new Map();
  for (const event of events) {
    const site = SITES[event.site];
    const { night, day, weekday } = splitShift(event, site.timeZone);
    let row = sheet.get(event.employee);
    if (!row) sheet.set(event.employee, (row = { site: site.name, day: 0, night: 0, weekend: 0 }));
    row.day += day;
    row.night += night;
    if (weekday === 0 || weekday === 6) row.weekend += day + night;
  }
  return sheet;
}

const events = clockEvents(200, 100);
const sheet = payroll(events);
const bySite = new Map();
for (const row of sheet.values()) {
  const sum = bySite.get(row.site) ?? { people: 0, hours: 0, night: 0 };
  sum.people++;
  sum.hours += (row.day + row.night) / 60;
  sum.night += row.night / 60;
  bySite.set(row.site, sum);
}
console.log(`${events.length} shifts`);
for (const [site, s] of bySite) {
  console.log(`${site.padEnd(10)} ${s.people} people ${s.hours.toFixed(0)} h, night ${s.night.toFixed(0)} h`);
}
