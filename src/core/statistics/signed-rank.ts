import { doubledRanks } from './ranks';

/** What pairs say against "there is no difference". */
export interface SignedRank {
  /** Pairs that differ. */
  readonly n: number;
  /** Σ of the ranks of the positive differences. */
  readonly w: number;
  /** Two-sided, exact. 1 where no pair differs. */
  readonly p: number;
}

/**
 * Wilcoxon's signed-rank test of differences of pairs (here: log ratios), exact.
 *
 * Under the hypothesis each difference is as likely positive as negative, so each of the
 * 2ⁿ ways to give the ranks signs has the same weight. Their sums are counted rank by
 * rank, O(n³) in all. With ties this is the distribution given the mid-ranks, which is
 * exact as well. Zeros take part in the ranking and are left out of the sums (Pratt).
 *
 * Sources: F. Wilcoxon, Biometrics Bulletin 1 (1945) 80–83; J. W. Pratt, Journal of the
 * American Statistical Association 54 (1959) 655–667.
 */
export function signedRank(differences: readonly number[]): SignedRank {
  const all = doubledRanks(differences.map(Math.abs));
  const ranks = all.filter((_, at) => differences[at] !== 0);
  const sum = ranks.reduce((total, rank) => total + rank, 0);
  const positive = all.reduce((total, rank, at) => total + ((differences[at] as number) > 0 ? rank : 0), 0);
  const n = ranks.length;
  if (n === 0) return { n, w: 0, p: 1 };
  /** By doubled sum, how likely it is. */
  const chance = new Float64Array(sum + 1);
  chance[0] = 1;
  let reached = 0;
  for (const rank of ranks) {
    reached += rank;
    for (let at = reached; at >= 0; at--) chance[at] = ((chance[at] as number) + (at >= rank ? (chance[at - rank] as number) : 0)) / 2;
  }
  // The distribution is symmetric: a sign for every rank turned round gives the mirrored sum.
  const tail = Math.min(positive, sum - positive);
  let below = 0;
  for (let at = 0; at <= tail; at++) below += chance[at] as number;
  return { n, w: positive / 2, p: Math.min(1, 2 * below) };
}

/** The smallest p that so many pairs can have: all differences of one sign. */
export const smallestSignedRankP = (pairs: number): number => (pairs > 0 ? Math.min(1, 2 ** (1 - pairs)) : 1);
