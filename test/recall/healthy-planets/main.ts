// The paths of a cluster of bodies under their own gravity: each body pulls each other one.
interface Star {
  x: number;
  y: number;
  z: number;
  vx: number;
  vy: number;
  vz: number;
  mass: number;
}

const SOFTENING = 0.05;

function cluster(count: number): Star[] {
  return Array.from({ length: count }, (_, i) => {
    const angle = i * 2.399963;
    const radius = Math.sqrt(i + 1) / 4;
    return { x: radius * Math.cos(angle), y: radius * Math.sin(angle), z: ((i * 37) % 11) / 20, vx: -Math.sin(angle) / 3, vy: Math.cos(angle) / 3, vz: 0, mass: 1 + (i % 3) / 10 };
  });
}

function pull(a: Star, b: Star, step: number): void {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const dz = b.z - a.z;
  const squared = dx * dx + dy * dy + dz * dz + SOFTENING;
  const strength = step / (squared * Math.sqrt(squared));
  a.vx += dx * b.mass * strength;
  a.vy += dy * b.mass * strength;
  a.vz += dz * b.mass * strength;
  b.vx -= dx * a.mass * strength;
  b.vy -= dy * a.mass * strength;
  b.vz -= dz * a.mass * strength;
}

function advance(bodies: Star[], step: number): void {
  for (let i = 0; i < bodies.length; i++) for (let k = i + 1; k < bodies.length; k++) pull(bodies[i], bodies[k], step);
  for (const body of bodies) {
    body.x += body.vx * step;
    body.y += body.vy * step;
    body.z += body.vz * step;
  }
}

function energy(bodies: Star[]): number {
  let sum = 0;
  for (let i = 0; i < bodies.length; i++) {
    const a = bodies[i];
    sum += 0.5 * a.mass * (a.vx ** 2 + a.vy ** 2 + a.vz ** 2);
    for (let k = i + 1; k < bodies.length; k++) sum -= (a.mass * bodies[k].mass) / Math.sqrt((a.x - bodies[k].x) ** 2 + (a.y - bodies[k].y) ** 2 + (a.z - bodies[k].z) ** 2 + SOFTENING);
  }
  return sum;
}

const bodies = cluster(500);
const before = energy(bodies);
for (let step = 0; step < 1600; step++) advance(bodies, 0.0005);
console.log(`${bodies.length} bodies, energy ${before.toFixed(3)} before, ${energy(bodies).toFixed(3)} after`);
