export interface Cell {
  x: number;
  y: number;
}

const STEPS = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
];

/** Steps to the nearest source for every free cell, -1 where none can be reached. */
export function distanceField(width: number, height: number, blocked: Uint8Array, sources: Cell[]): Int32Array {
  const distance = new Int32Array(width * height).fill(-1);
  const queue: Cell[] = [];
  for (const s of sources) {
    distance[s.y * width + s.x] = 0;
    queue.push(s);
  }
  while (queue.length > 0) {
    const { x, y } = queue.shift()!;
    const d = distance[y * width + x];
    for (const [dx, dy] of STEPS) {
      const nx = x + dx;
      const ny = y + dy;
      if (nx < 0 || ny < 0 || nx >= width || ny >= height) continue;
      const at = ny * width + nx;
      if (blocked[at] || distance[at] >= 0) continue;
      distance[at] = d + 1;
      queue.push({ x: nx, y: ny });
    }
  }
  return distance;
}
