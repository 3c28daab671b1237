import { distanceField, type Cell } from './field';

const WIDTH = 475;
const HEIGHT = 388;

function terrain(): Uint8Array {
  const blocked = new Uint8Array(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const hill = Math.sin(x / 23) * Math.cos(y / 17) + Math.sin((x + y) / 41);
      if (hill > 1.25) blocked[y * WIDTH + x] = 1;
    }
  }
  return blocked;
}

function stations(blocked: Uint8Array): Cell[] {
  const cells: Cell[] = [];
  for (let y = 1; y < HEIGHT; y += 2) {
    for (let x = 1; x < WIDTH; x += 2) {
      if ((x * 7 + y * 13) % 4 === 0) continue;
      if (!blocked[y * WIDTH + x]) cells.push({ x, y });
    }
  }
  return cells;
}

function histogram(field: Int32Array): Map<number, number> {
  const bins = new Map<number, number>();
  for (const d of field) {
    if (d < 0) continue;
    const bin = Math.min(10, d);
    bins.set(bin, (bins.get(bin) ?? 0) + 1);
  }
  return bins;
}

const blocked = terrain();
const sources = stations(blocked);
const field = distanceField(WIDTH, HEIGHT, blocked, sources);
let reachable = 0;
for (const d of field) if (d >= 0) reachable++;
console.log(`${sources.length} stations, ${reachable} cells reachable`);
for (const [bin, n] of [...histogram(field)].sort((a, b) => a[0] - b[0])) {
  console.log(`${String(bin).padStart(3)} steps: ${n}`);
}
