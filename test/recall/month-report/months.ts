export const cities = ['Bern', 'Basel', 'Chur'];

export function* chunks(total: number, size: number): Generator<number[]> {
  for (let from = 0; from < total; from += size) yield Array.from({ length: Math.min(size, total - from) }, (_, i) => from + i);
}
