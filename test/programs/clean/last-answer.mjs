// The last answer, which is longer or shorter than the one before.
let seed = 1;
let answer = '';

export function exercise() {
  seed = (seed * 48271) % 2147483647;
  answer = `${seed}: ${'x'.repeat(seed % 5000)}`;
  return /error/.test(answer);
}
