// Keeps a window of readings in a list that is linked, so that collecting it cannot be shared out.
let first = { next: undefined };
let last = first;
let length = 0;

function run(milliseconds) {
  const end = Date.now() + milliseconds;
  while (Date.now() < end) {
    for (let i = 0; i < 10_000; i++) {
      last = last.next = { at: { i, of: [i] }, next: undefined };
      if (++length > 2_000_000) first = first.next;
    }
  }
  return length;
}

console.log(run(4000) > 0);
