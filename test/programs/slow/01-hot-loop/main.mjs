// Counts the divisors of many numbers by trying every one.
export function countDivisors(n) {
  let count = 0;
  for (let d = 1; d <= n; d++) {
    if (n % d === 0) count++;
  }
  return count;
}

function format(n, count) {
  return `${n}: ${count}`;
}

const end = Date.now() + 1200;
let lines = 0;
for (let n = 20_000; Date.now() < end; n++) lines += format(n, countDivisors(n)).length;
console.log(lines);
