export interface Memoized<A, R> {
  (arg: A): R;
  size(): number;
  clear(): void;
}

export function memoize<A, R>(fn: (arg: A) => R): Memoized<A, R> {
  const results = new Map<A, R>();
  const memoized = (arg: A): R => {
    const known = results.get(arg);
    if (known !== undefined) return known;
    const value = fn(arg);
    results.set(arg, value);
    return value;
  };
  return Object.assign(memoized, {
    size: () => results.size,
    clear: () => results.clear(),
  });
}
