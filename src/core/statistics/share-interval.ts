/** Where a share lies with a confidence, by default of 95 %, 0 to 1. */
export interface ShareInterval {
  readonly low: number;
  readonly high: number;
}

/** Standard deviations of 95 %. */
const Z95 = 1.959964;

/**
 * Wilson's score interval of a share that `samples` samples show. It holds its 95 %
 * for few samples and for shares near 0 and 1 too, where the normal approximation
 * gives impossible bounds. Source: E. B. Wilson, Journal of the American Statistical
 * Association 22 (1927); compared by Brown, Cai and DasGupta, Statistical Science 16 (2001).
 */
export function interval(share: number, samples: number, z = Z95): ShareInterval {
  if (!(samples > 0)) return { low: 0, high: 1 };
  const p = Math.min(1, Math.max(0, share));
  const z2 = z * z;
  const centre = p + z2 / (2 * samples);
  const half = z * Math.sqrt((p * (1 - p)) / samples + z2 / (4 * samples * samples));
  const scale = 1 + z2 / samples;
  return { low: Math.max(0, (centre - half) / scale), high: Math.min(1, (centre + half) / scale) };
}

/**
 * Whether a share is to be spoken of. The definition of every rule is on the share as
 * it was measured, so that a finding agrees with the tables to the digit; besides, the
 * samples must rule out, with 95 % confidence, that the share is under half the threshold.
 */
export function reaches(share: number, threshold: number, samples: number): boolean {
  return share >= threshold && interval(share, samples).low >= threshold / 2;
}
