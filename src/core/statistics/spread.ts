/** A coefficient of variation from which runs are too unlike for a verdict on a small change. */
export const NOISY = 0.1;

/** The coefficient of variation: the sample's standard deviation ÷ its mean. 0 of fewer than two values, or of nothing. */
export function variation(values: readonly number[]): number {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n < 2 || !(mean > 0)) return 0;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1)) / mean;
}
