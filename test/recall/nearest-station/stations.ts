import { distance, type Point } from './geo';

export interface Station extends Point {
  name: string;
  docks: number;
}

export function readStations(count: number): Station[] {
  return Array.from({ length: count }, (_, i) => ({ name: `Station ${i}`, docks: 10 + (i % 15), lat: 48.1 + ((i * 733) % 1000) / 5000, lon: 16.2 + ((i * 389) % 1000) / 4000 }));
}

/** The station that is next to a point. */
export function nearest(stations: Station[], point: Point): Station {
  const [first] = [...stations].sort((a, b) => distance(point, a) - distance(point, b));
  return first;
}

/** Where bikes pile up or run out: arrivals less departures. */
export function balance(moves: { from: Station; to: Station }[]): Map<Station, number> {
  const sums = new Map<Station, number>();
  const add = (station: Station, count: number) => sums.set(station, (sums.get(station) ?? 0) + count);
  for (const { from, to } of moves) {
    add(from, -1);
    add(to, 1);
  }
  return sums;
}
