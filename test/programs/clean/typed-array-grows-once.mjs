// A table of numbers that is made larger when it is full, which is once in the hunt.
let table = new Float64Array(64);
let used = 0;

export function exercise() {
  if (used === table.length) {
    const larger = new Float64Array(4096);
    larger.set(table);
    table = larger;
  }
  table[used++] = used;
}
