/**
 * Numbers of [0, 1) that are the same for the same seed on every machine. Marsaglia's
 * xorshift on 32 bits with Weyl's sequence added, which has a period of 2⁶⁴ − 2³² and
 * no seed that it gets stuck in. Sources: G. Marsaglia, Journal of Statistical Software
 * 8 (2003), issue 14; R. P. Brent, ANZIAM Journal 48 (2007), C188–C202.
 */
export function seededRandom(seed: number): () => number {
  let x = seed | 0 || 0x9e3779b9 | 0;
  let weyl = 0;
  const next = (): number => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    weyl = (weyl + 0x61c88647) | 0;
    return (x + (weyl ^ (weyl >>> 16))) >>> 0;
  };
  // Seeds of few bits give numbers that are alike at first.
  for (let i = 0; i < 16; i++) next();
  return () => next() / 0x1_0000_0000;
}

/** Numbers of the standard normal distribution, by the method of Box and Muller (1958). */
export function normalRandom(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
