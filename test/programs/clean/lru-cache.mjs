// A cache that throws out the oldest: it stays at its cap.
const CAP = 20;
const cache = new Map();
let next = 0;

export function exercise() {
  if (cache.size >= CAP) cache.delete(cache.keys().next().value);
  cache.set(next, { value: [next, next] });
  next++;
}
