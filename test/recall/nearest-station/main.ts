// Assigns the trips of rented bikes to stations, and finds out where bikes have to be brought to.
import { distance, type Point } from './geo';
import { balance, nearest, readStations, type Station } from './stations';

interface Trip {
  start: Point;
  end: Point;
  minutes: number;
}

function readTrips(count: number): Trip[] {
  const point = (seed: number): Point => ({ lat: 48.1 + ((seed * 7919) % 10_007) / 50_000, lon: 16.2 + ((seed * 104_729) % 9973) / 40_000 });
  return Array.from({ length: count }, (_, i) => ({ start: point(i), end: point(i * 3 + 11), minutes: 4 + (i % 50) }));
}

function assign(trips: Trip[], stations: Station[]) {
  return trips.map(({ start, end, minutes }) => ({ from: nearest(stations, start), to: nearest(stations, end), km: distance(start, end), minutes }));
}

function speeds(moves: { km: number; minutes: number }[]): { mean: number; max: number } {
  let max = 0;
  let sum = 0;
  for (const { km, minutes } of moves) {
    const speed = km / (minutes / 60);
    sum += speed;
    if (speed > max && speed < 40) max = speed;
  }
  return { mean: sum / moves.length, max };
}

const stations = readStations(320);
const moves = assign(readTrips(5600), stations);
const { mean, max } = speeds(moves);
console.log(`${moves.length} trips, ${mean.toFixed(1)} km/h on average, at most ${max.toFixed(1)}`);
const ordered = [...balance(moves)].sort((a, b) => a[1] - b[1]);
for (const [station, sum] of ordered.slice(0, 3)) console.log(`${station.name} has lost ${-sum} of ${station.docks}`);
for (const [station, sum] of ordered.slice(-3)) console.log(`${station.name} has gained ${sum}`);
