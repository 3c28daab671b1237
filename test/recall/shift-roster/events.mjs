export const SITES = {
  nyc: { name: 'New York', timeZone: 'America/New_York' },
  ber: { name: 'Berlin', timeZone: 'Europe/Berlin' },
  tyo: { name: 'Tokyo', timeZone: 'Asia/Tokyo' },
  syd: { name: 'Sydney', timeZone: 'Australia/Sydney' },
};

export function clockEvents(employees, days) {
  const keys = Object.keys(SITES);
  const base = Date.UTC(2024, 1, 15, 5);
  const events = [];
  for (let e = 0; e < employees; e++) {
    for (let d = 0; d < days; d++) {
      if ((d + e) % 7 > 4) continue;
      const start = base + d * 86400e3 + ((e * 37) % 24) * 3600e3 + ((d * 13) % 30) * 60e3;
      events.push({
        employee: `E${1000 + e}`,
        site: keys[e % keys.length],
        start: new Date(start).toISOString(),
        end: new Date(start + (7 + (d % 3)) * 3600e3).toISOString(),
      });
    }
  }
  return events;
}
