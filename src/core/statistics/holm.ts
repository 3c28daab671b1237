/**
 * Holm's adjusted p of several tests, in their order: reject those at most α, and the
 * chance that any true hypothesis is among them is at most α, however the tests hang
 * together. Source: S. Holm, Scandinavian Journal of Statistics 6 (1979) 65–70.
 */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, at) => at).sort((a, b) => (ps[a] as number) - (ps[b] as number));
  const adjusted = new Array<number>(ps.length);
  let largest = 0;
  for (const [step, at] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (ps[at] as number) * (ps.length - step)));
    adjusted[at] = largest;
  }
  return adjusted;
}
