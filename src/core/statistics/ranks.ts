/**
 * Twice the mid-ranks of values, from 2 up: equal values share the mean of the ranks
 * that they take up, and twice a mean of two neighbouring ranks is whole. The order of
 * the result is that of the values. NaN must not be among them.
 */
export function doubledRanks(values: readonly number[]): number[] {
  const order = values.map((_, at) => at).sort((a, b) => compare(values[a] as number, values[b] as number));
  const ranks = new Array<number>(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to] as number] === values[order[from] as number]) to++;
    // Ranks from + 1 to `to`, their mean twice.
    for (let at = from; at < to; at++) ranks[order[at] as number] = from + 1 + to;
    from = to;
  }
  return ranks;
}

/** Infinities are equal to themselves, which their difference is not. */
const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
