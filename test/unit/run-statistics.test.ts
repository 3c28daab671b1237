import { describe, expect, test } from 'vitest';
import { holm } from '../../src/core/statistics/holm';
import { median, medianOfRatios, ratioOfMedians } from '../../src/core/statistics/median-ratio';
import { seededRandom } from '../../src/core/statistics/random';
import { rankSum, smallestRankSumP } from '../../src/core/statistics/rank-sum';
import { signedRank, smallestSignedRankP } from '../../src/core/statistics/signed-rank';
import { variation } from '../../src/core/statistics/spread';
import { levels, noisyVerdict, runChange, verdictOf } from '../../src/core/statistics/verdict';

/** Mid-ranks the slow way: one more than what is smaller, and half of what else is equal. */
const midRanks = (values: readonly number[]): number[] =>
  values.map((value) => values.filter((one) => one < value).length + (values.filter((one) => one === value).length + 1) / 2);

/** Every way to give signs, one by one. */
function enumeratedSignedRank(differences: readonly number[]): number {
  const ranks = midRanks(differences.map(Math.abs));
  const used = ranks.flatMap((rank, at) => (differences[at] === 0 ? [] : [{ rank, isPositive: (differences[at] as number) > 0 }]));
  const seen = used.reduce((sum, { rank, isPositive }) => sum + (isPositive ? rank : 0), 0);
  const mean = used.reduce((sum, { rank }) => sum + rank, 0) / 2;
  let asFar = 0;
  for (let signs = 0; signs < 2 ** used.length; signs++) {
    const sum = used.reduce((total, { rank }, at) => total + ((signs >> at) & 1 ? rank : 0), 0);
    if (Math.abs(sum - mean) >= Math.abs(seen - mean)) asFar++;
  }
  return asFar / 2 ** used.length;
}

/** Every choice of the second group, one by one. */
function enumeratedRankSum(first: readonly number[], second: readonly number[]): number {
  const ranks = midRanks([...first, ...second]);
  const sumOf = (chosen: number): number => ranks.reduce((sum, rank, at) => sum + ((chosen >> at) & 1 ? rank : 0), 0);
  const bits = (chosen: number): number => [...chosen.toString(2)].filter((bit) => bit === '1').length;
  const own = ranks.reduce((mask, _, at) => mask | (at >= first.length ? 1 << at : 0), 0);
  const mean = (second.length * (ranks.length + 1)) / 2;
  const choices = [...new Array(2 ** ranks.length).keys()].filter((chosen) => bits(chosen) === second.length);
  return choices.filter((chosen) => Math.abs(sumOf(chosen) - mean) >= Math.abs(sumOf(own) - mean)).length / choices.length;
}

describe("Wilcoxon's signed-rank test", () => {
  test('has the critical values of the published table', () => {
    // Two-sided 5 %: the largest T that is significant, n = 6 to 12 (Wilcoxon and Wilcox 1964, as in every textbook).
    const critical = { 6: 0, 7: 2, 8: 3, 9: 5, 10: 8, 11: 10, 12: 13 };
    for (const [pairs, largest] of Object.entries(critical)) {
      const n = Number(pairs);
      expect(signedRank(withSum(n, largest)).p, `n = ${n}, T = ${largest}`).toBeLessThanOrEqual(0.05);
      expect(signedRank(withSum(n, largest + 1)).p, `n = ${n}, T = ${largest + 1}`).toBeGreaterThan(0.05);
    }
  });

  test('has the exact p of all signs alike: 2 / 2ⁿ', () => {
    for (const n of [1, 6, 8, 10, 40]) {
      const all = Array.from({ length: n }, (_, at) => at + 1);
      expect(signedRank(all).p).toBeCloseTo(Math.min(1, 2 / 2 ** n), 15);
      expect(smallestSignedRankP(n)).toBe(signedRank(all).p);
      expect(signedRank(all.map((value) => -value))).toEqual({ n, w: 0, p: signedRank(all).p });
    }
    expect(signedRank([])).toEqual({ n: 0, w: 0, p: 1 });
    expect(signedRank([0, 0, 0]).p).toBe(1);
  });

  test('is the enumeration of all signs, with ties and zeros as well', () => {
    const random = seededRandom(7);
    for (let round = 0; round < 60; round++) {
      const n = 1 + Math.floor(random() * 9);
      // Few distinct values, so that most have a tie, and some are zero.
      const values = Array.from({ length: n }, () => Math.round(random() * 8 - 3));
      expect(signedRank(values).p, values.join(' ')).toBeCloseTo(enumeratedSignedRank(values), 12);
    }
  });

  test('ranks zeros and leaves them out of the sums, and takes infinities', () => {
    // Ranks of the absolute values: 1.5 1.5 3 4; without the zeros' 1.5 two ranks of four ways are left.
    expect(signedRank([0, 0, 2, 3])).toEqual({ n: 2, w: 7, p: 0.5 });
    expect(signedRank([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 1])).toEqual({ n: 3, w: 6, p: 0.25 });
  });
});

/** Differences 1 to n with signs so that the positive ranks sum to `sum`. */
function withSum(n: number, sum: number): number[] {
  let rest = sum;
  const values: number[] = [];
  for (let rank = n; rank > 0; rank--) {
    const isPositive = rest >= rank;
    if (isPositive) rest -= rank;
    values.push(isPositive ? rank : -rank);
  }
  return values;
}

describe('the Mann–Whitney test', () => {
  test('has the critical values of the published table', () => {
    // Two-sided 5 %: the largest U that is significant (Mann and Whitney's table, n₁ = n₂).
    const critical = { 4: 0, 5: 2, 6: 5, 7: 8, 8: 13 };
    for (const [size, largest] of Object.entries(critical)) {
      const n = Number(size);
      expect(rankSum(...withU(n, largest)), `n = ${n}`).toMatchObject({ u: largest });
      expect(rankSum(...withU(n, largest)).p, `n = ${n}, U = ${largest}`).toBeLessThanOrEqual(0.05);
      expect(rankSum(...withU(n, largest + 1)).p, `n = ${n}, U = ${largest + 1}`).toBeGreaterThan(0.05);
    }
  });

  test('has the exact p of groups that do not overlap', () => {
    expect(rankSum([1, 2, 3], [4, 5, 6])).toEqual({ u: 9, p: 2 / 20 });
    expect(rankSum([1, 2, 3, 4], [8, 7, 6, 5]).p).toBeCloseTo(2 / 70, 12);
    for (const [n, m] of [
      [3, 3],
      [4, 4],
      [6, 6],
      [2, 5],
    ] as const)
      expect(smallestRankSumP(n, m)).toBeCloseTo(
        rankSum(
          [...new Array(n).keys()],
          [...new Array(m).keys()].map((at) => at + 100),
        ).p,
        12,
      );
    expect(rankSum([5], []).p).toBe(1);
    expect(rankSum([1, 1, 1], [1, 1, 1]).p).toBe(1);
  });

  test('is the enumeration of all choices, with ties and sizes that differ as well', () => {
    const random = seededRandom(11);
    for (let round = 0; round < 25; round++) {
      const draw = (length: number): number[] => Array.from({ length }, () => Math.floor(random() * 6));
      const first = draw(1 + Math.floor(random() * 5));
      const second = draw(1 + Math.floor(random() * 5));
      expect(rankSum(first, second).p, `${first.join(' ')} | ${second.join(' ')}`).toBeCloseTo(enumeratedRankSum(first, second), 12);
    }
  });
});

/** Groups of n with no ties, of whose pairs the second is larger in `u`. */
function withU(n: number, u: number): [number[], number[]] {
  const second = Array.from({ length: n }, (_, at) => (at < Math.floor(u / n) ? n : at === Math.floor(u / n) ? u % n : 0));
  // Each value stands above so many of the first group.
  return [Array.from({ length: n }, (_, at) => at + 1), second.map((above, at) => above + 0.5 + at / 1000)];
}

test("Holm's adjustment is the worked example's", () => {
  // α 0.05, four tests: 0.005 ≤ 0.0125 and 0.01 ≤ 0.0167 are rejected, 0.03 > 0.025 stops it.
  const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
  expect(adjusted.map((p) => Number(p.toFixed(6)))).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect(holm([])).toEqual([]);
  expect(holm([0.9, 0.8])).toEqual([1, 1]);
});

describe('median ratios', () => {
  test('median of odd and even numbers of values', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])).toBe(0);
    expect(median([])).toBeNaN();
  });

  test('the bootstrap interval is that of all resamplings', () => {
    const ratios = [-0.3, -0.1, 0.05, 0.2, 0.4];
    // All 5⁵ resamplings, one by one.
    const all: number[] = [];
    for (let draw = 0; draw < 5 ** 5; draw++) all.push(median([0, 1, 2, 3, 4].map((at) => ratios[Math.floor(draw / 5 ** at) % 5] as number)));
    const shareBelow = (bound: number, orAt: boolean): number => all.filter((one) => (orAt ? one <= bound + 1e-12 : one < bound - 1e-12)).length / all.length;
    const { ratio, low, high } = medianOfRatios(ratios);
    expect(ratio).toBeCloseTo(Math.exp(0.05), 12);
    expect(shareBelow(Math.log(low), false)).toBeLessThanOrEqual(0.04);
    expect(shareBelow(Math.log(low), true)).toBeGreaterThanOrEqual(0.015);
    expect(shareBelow(Math.log(high), false)).toBeLessThanOrEqual(0.985);
    expect(shareBelow(Math.log(high), true)).toBeGreaterThanOrEqual(0.96);
    expect(medianOfRatios(ratios)).toEqual({ ratio, low, high });
  });

  test('of groups it is the ratio of their medians', () => {
    const { ratio, low, high } = ratioOfMedians([100, 101, 99, 100], [200, 202, 198, 200]);
    expect(ratio).toBe(2);
    expect(low).toBeGreaterThan(1.9);
    expect(high).toBeLessThan(2.1);
    expect(ratioOfMedians([0, 0], [0, 0])).toEqual({ ratio: 1, low: 1, high: 1 });
    expect(ratioOfMedians([0, 0], [5, 5]).ratio).toBe(Number.POSITIVE_INFINITY);
  });
});

test('the coefficient of variation', () => {
  // Mean 5, sample variance 32 / 7.
  expect(variation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7) / 5, 12);
  expect(variation([3])).toBe(0);
  expect(variation([0, 0])).toBe(0);
});

describe('verdicts', () => {
  const pairs = (ratios: readonly number[], base = 100) =>
    runChange({ before: ratios.map(() => base), after: ratios.map((ratio) => base * ratio), isPaired: true });
  const around = (middle: number, spread: number): number[] => [-1, -0.8, -0.6, -0.4, -0.2, 0.2, 0.4, 0.6, 0.8, 1].map((step) => middle + step * spread);
  const rule = { alpha: 0.01, floor: 1 };
  const of = (ratios: readonly number[], base = 100, own = rule) => {
    const found = pairs(ratios, base);
    return verdictOf(found, found.p, own);
  };

  test('by interval, p, band and floor', () => {
    expect(of(around(1.2, 0.02))).toBe('slower');
    expect(of(around(0.8, 0.02))).toBe('faster');
    expect(of(around(1, 0.02))).toBe('no difference');
    expect(of(around(1, 0.4))).toBe('inconclusive');
    expect(of(around(1.03, 0.01)), 'certain, and inside the band').toBe('no difference');
    expect(of(around(1.2, 0.02), 100, { alpha: 0.01, floor: 50 }), 'below the floor').toBe('no difference');
    expect(of(around(1.2, 0.02).slice(0, 4)), 'too few pairs').toBe('inconclusive');
    const rate = pairs(around(1.2, 0.02));
    expect(verdictOf(rate, rate.p, { ...rule, isRate: true })).toBe('faster');
    const fromNothing = (cost: number) => runChange({ before: new Array(10).fill(0), after: new Array(10).fill(cost), isPaired: true });
    expect(verdictOf(fromNothing(100), 0.002, rule), 'out of nothing').toBe('slower');
    expect(verdictOf(fromNothing(0.5), 0.002, rule), 'out of nothing, below the floor').toBe('no difference');
  });

  test('one run a side has sizes and no verdict', () => {
    const found = runChange({ before: [100], after: [150], isPaired: true });
    expect(found).toMatchObject({ ratio: 1.5, medianBefore: 100, medianAfter: 150, p: undefined });
    expect(verdictOf(found, found.p, rule)).toBeUndefined();
  });

  test('noise of 10 % takes the verdict, unless the change is beyond it', () => {
    const wide = { ratio: 1.3, low: 1.2, high: 1.4 };
    expect(noisyVerdict('slower', wide, 0.09)).toBe('slower');
    expect(noisyVerdict('slower', wide, 0.15)).toBe('slower');
    expect(noisyVerdict('slower', wide, 0.21)).toBe('inconclusive');
    expect(noisyVerdict('faster', { ratio: 0.5, low: 0.4, high: 0.6 }, 0.3)).toBe('faster');
    expect(noisyVerdict('no difference', { ratio: 1, low: 0.97, high: 1.03 }, 0.1)).toBe('inconclusive');
    expect(noisyVerdict(undefined, wide, 0.5)).toBeUndefined();
  });

  test('the levels are 5 % together, and can be reached', () => {
    for (const n of [2, 3, 6, 8, 10, 40])
      for (const isPaired of [true, false]) {
        const { whole, functions } = levels(n, n, isPaired);
        expect(whole + functions).toBeCloseTo(0.05, 12);
        if (functions > 0) expect(isPaired ? smallestSignedRankP(n) : smallestRankSumP(n, n)).toBeLessThanOrEqual(whole);
      }
    expect(levels(10, 10, true).functions / 20, 'ten pairs name one of twenty').toBeGreaterThanOrEqual(smallestSignedRankP(10));
  });
});
