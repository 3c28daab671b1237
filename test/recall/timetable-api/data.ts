export interface Station {
  id: number;
  name: string;
}

const TOWNS = ['Altstadt', 'Bergheim', 'Clausthal', 'Dornbach', 'Eichen', 'Feldkirch', 'Grünau', 'Hallein'];
const LINES = ['S1', 'S2', 'RE 5', 'RB 14', 'ICE', 'IC'];

export function stations(): Station[] {
  return Array.from({ length: 64 }, (_, id) => ({ id, name: `${TOWNS[id % 8]} ${['Hbf', 'Süd', 'West', 'Nord'][id % 4]}` }));
}

export function departures(station: number, count: number) {
  const start = 6 * 60 + (station % 13);
  return Array.from({ length: count }, (_, i) => {
    const minute = (start + i * 3) % 1440;
    const delay = (i * 7 + station) % 11 === 0 ? (i % 9) + 1 : 0;
    return {
      line: LINES[(i * 5 + station) % LINES.length],
      destination: TOWNS[(i * 3 + station) % TOWNS.length],
      time: `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`,
      platform: 1 + ((i + station) % 12),
      delay,
      remark: delay > 5 ? `approx. ${delay} minutes late due to an earlier train ${i * 31}` : undefined,
      trip: `${station}-${i}-${(i * 2654435761) % 100000}`,
    };
  });
}
