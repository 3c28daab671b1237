// Keeps the last half million points of a stream as objects, each new for every step.
const kept = new Array(400_000).fill(null);

function step(at) {
  const point = { x: at, y: { value: at * 2, label: [at, at + 1] } };
  kept[at % kept.length] = point;
}

const end = Date.now() + 2500;
let at = 0;
while (Date.now() < end) {
  for (let i = 0; i < 10_000; i++) step(at++);
}
console.log(at);
