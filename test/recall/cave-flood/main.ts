// Lets water flow through a cave and counts the wet cells after a while.
import { Cave, type Point } from './cave';

function neighbours({ x, y }: Point): Point[] {
  return [
    { x: x + 1, y },
    { x: x - 1, y },
    { x, y: y + 1 },
    { x, y: y - 1 },
  ];
}

function flood(cave: Cave, springs: Point[], steps: number): Set<string> {
  const wet = new Set<string>();
  let front = springs;
  for (let step = 0; step < steps && front.length > 0; step++) {
    const next: Point[] = [];
    for (const point of front) {
      for (const to of neighbours(point)) {
        const key = `${to.x},${to.y}`;
        if (wet.has(key) || cave.isRock(to)) continue;
        wet.add(key);
        next.push(to);
      }
    }
    front = next;
  }
  return wet;
}

function lowest(wet: Set<string>): number {
  let low = 0;
  for (const key of wet) low = Math.max(low, Number(key.slice(key.indexOf(',') + 1)));
  return low;
}

const cave = new Cave(1800, 1400);
const wet = flood(cave, [{ x: 30, y: 0 }, { x: 900, y: 0 }, { x: 1799, y: 2 }], 3000);
console.log(`${wet.size} wet cells, lowest at ${lowest(wet)}`);
