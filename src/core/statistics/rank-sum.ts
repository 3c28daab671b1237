import { doubledRanks } from './ranks';

/** What two groups of runs say against "there is no difference". */
export interface RankSum {
  /** Mann and Whitney's U of the second group: in how many of its pairs with the first it is larger, ties half. */
  readonly u: number;
  /** Two-sided, exact. */
  readonly p: number;
}

/**
 * The Mann–Whitney test (Wilcoxon's rank sum) of two independent groups, exact.
 *
 * Under the hypothesis every choice of m of the m + n ranks is as likely. Their sums are
 * counted rank by rank, O(m² (m + n)²). With ties this is the distribution given the
 * mid-ranks, which need not be symmetric: p is the weight of all sums at least as far
 * from the mean as the one that was seen.
 *
 * Sources: H. B. Mann, D. R. Whitney, Annals of Mathematical Statistics 18 (1947) 50–60;
 * for ties: E. L. Lehmann, Nonparametrics (1975), 1.4.
 */
export function rankSum(first: readonly number[], second: readonly number[]): RankSum {
  const n = first.length;
  const m = second.length;
  if (n === 0 || m === 0) return { u: 0, p: 1 };
  const ranks = doubledRanks([...first, ...second]);
  const seen = ranks.slice(n).reduce((total, rank) => total + rank, 0);
  const most = [...ranks]
    .sort((a, b) => b - a)
    .slice(0, m)
    .reduce((total, rank) => total + rank, 0);
  const width = most + 1;
  /** How many ways there are to choose k ranks of a doubled sum. */
  const ways = new Float64Array((m + 1) * width);
  ways[0] = 1;
  for (const rank of ranks) {
    for (let k = m; k > 0; k--) {
      for (let sum = most; sum >= rank; sum--) {
        const before = ways[(k - 1) * width + sum - rank] as number;
        if (before > 0) ways[k * width + sum] = (ways[k * width + sum] as number) + before;
      }
    }
  }
  // Twice the mean of the sum is m (m + n + 1).
  const mean = m * (m + n + 1);
  const far = Math.abs(seen - mean);
  let all = 0;
  let asFar = 0;
  for (let sum = 0; sum <= most; sum++) {
    const count = ways[m * width + sum] as number;
    all += count;
    if (Math.abs(sum - mean) >= far) asFar += count;
  }
  return { u: (seen - m * (m + 1)) / 2, p: asFar / all };
}

/** The smallest p that groups of these sizes can have: the groups do not overlap. */
export function smallestRankSumP(first: number, second: number): number {
  if (first === 0 || second === 0) return 1;
  let choices = 1;
  for (let k = 1; k <= second; k++) choices = (choices * (first + k)) / k;
  return Math.min(1, 2 / choices);
}
