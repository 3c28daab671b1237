// Keeps a window of a million readings as small objects, each new for every step.
const kept = new Array(1_000_000).fill(null);

function step(at) {
  kept[(at * 7919) % kept.length] = { at, next: { at: at + 1, next: { at: at + 2, next: null } }, all: [{ at }, { at }, { at }, { at }] };
}

function run(milliseconds) {
  const end = Date.now() + milliseconds;
  let at = 0;
  // One line, so that whatever V8 inlines where, the loop has one place.
  while (Date.now() < end) for (let i = 0; i < 10_000; i++) step(at++);
  return at;
}

console.log(run(4000) > 0);
