// Work that comes and goes: the array is long for a moment only.
const waiting = [];
let next = 0;

export function exercise() {
  for (let i = 0; i < 90; i++) waiting.push(next++);
  while (waiting.length > 40) waiting.shift();
}
