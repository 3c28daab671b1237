// Counts by hour: the Map takes more room for some time, then has all hours.
const counts = new Map();
let calls = 0;

export function exercise() {
  const hour = calls++ % 70;
  counts.set(hour, (counts.get(hour) ?? 0) + 1);
}
