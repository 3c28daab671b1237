// Code of its own each time, up to a point: compiled and thrown away.
let calls = 0;

export function exercise() {
  const seed = calls++ % 40;
  const work = new Function('n', `let sum = ${seed}; for (let i = 0; i < n; i++) sum += i ^ ${seed}; return sum;`);
  let total = 0;
  for (let i = 0; i < 20; i++) total += work(200);
  return total;
}
