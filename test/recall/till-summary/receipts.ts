const STORES = ['Mitte', 'Nord', 'Hafen', 'Bahnhof', 'West'];

export function receiptsCsv(month: number, lines: number): string {
  const rows: string[] = ['receipt,store,article,qty,price,at'];
  let s = month * 7477;
  const rnd = (n: number) => {
    s = (s * 48271) % 2147483647;
    return s % n;
  };
  const two = (n: number) => String(n).padStart(2, '0');
  for (let i = 0; i < lines; i++) {
    const article = `"Article ${rnd(900)}, pack"`;
    const at = `2024-${two(month)}-${two(1 + rnd(28))}T${two(7 + rnd(14))}:${two(rnd(60))}`;
    rows.push(`R${month}-${i >> 2},${STORES[rnd(5)]},${article},${1 + rnd(4)},${(rnd(4000) / 100 + 0.49).toFixed(2)},${at}`);
  }
  return rows.join('\n');
}
