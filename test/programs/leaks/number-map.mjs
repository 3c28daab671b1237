// When each visitor was last seen: numbers by numbers, and nobody is forgotten.
const lastSeen = new Map();
let visitors = 0;

export function visit(time) {
  lastSeen.set(visitors++, time);
}

export function count() {
  return lastSeen.size;
}

export function exercise() {
  visit(count());
}
