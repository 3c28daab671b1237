/** A mean and its 95 % confidence interval. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Mean with Student's t interval. One value gives an interval without width
 * information: low and high are NaN.
 */
export function meanInterval(values: readonly number[]): Estimate {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n < 2) return { mean, low: Number.NaN, high: Number.NaN };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const half = studentT95(n - 1) * Math.sqrt(variance / n);
  return { mean, low: mean - half, high: mean + half };
}

/**
 * Two-sided 95 % quantile of Student's t distribution. Exact to four digits up to
 * 30 degrees of freedom; beyond, the Cornish–Fisher expansion around the normal
 * quantile (Abramowitz and Stegun, 26.7.5), which is off by less than 1e-4.
 */
export function studentT95(degrees: number): number {
  const exact = table[degrees - 1];
  if (exact !== undefined) return exact;
  const z = 1.959964;
  const g1 = (z ** 3 + z) / 4;
  const g2 = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  return z + g1 / degrees + g2 / degrees ** 2;
}

const table = [
  12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281, 2.201, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.093, 2.086,
  2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423,
];

/** What a loop of calls measured. */
export interface LoopRate {
  readonly calls: number;
  /** Nanoseconds a call. */
  readonly perCall: Estimate;
  /** Calls a second. */
  readonly rate: Estimate;
}

/**
 * Time per call and calls per second from batches of calls. The interval is over
 * the batches' means, so it tells how steady the run was, not how exact the clock is.
 */
export function loopRate(batches: readonly { readonly calls: number; readonly ns: number }[]): LoopRate {
  const calls = batches.reduce((sum, batch) => sum + batch.calls, 0);
  // The first batches are short while the size of a batch is being found; they weigh too little to count.
  const largest = Math.max(...batches.map((batch) => batch.calls));
  const full = batches.filter((batch) => batch.calls * 2 >= largest);
  const perCall = meanInterval(full.map((batch) => batch.ns / batch.calls));
  return { calls, perCall, rate: { mean: 1e9 / perCall.mean, low: 1e9 / perCall.high, high: perCall.low > 0 ? 1e9 / perCall.low : Number.POSITIVE_INFINITY } };
}
