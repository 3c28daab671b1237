/** How many letters have to be inserted, removed or replaced (Levenshtein). */
export function distance(a: string, b: string): number {
  if (a.length === 0) return b.length;
  if (b.length === 0) return a.length;
  const restA = a.slice(1);
  const restB = b.slice(1);
  if (a[0] === b[0]) return distance(restA, restB);
  return 1 + Math.min(distance(restA, b), distance(a, restB), distance(restA, restB));
}
