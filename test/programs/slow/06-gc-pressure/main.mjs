// Keeps a window of a million readings as small objects, each new for every step.
const kept = new Array(1_000_000).fill(null);

function step(at) {
  kept[(at * 7919) % kept.length] = { at, next: { at: at + 1, next: { at: at + 2, next: null } } };
}

function run(milliseconds) {
  const end = Date.now() + milliseconds;
  let at = 0;
  while (Date.now() < end) {
    for (let i = 0; i < 10_000; i++) step(at++);
  }
  return at;
}

console.log(run(2500) > 0);
