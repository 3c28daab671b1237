import Papa from 'papaparse';
import { receiptsCsv } from './receipts';

interface Line {
  receipt: string;
  store: string;
  article: string;
  qty: string;
  price: string;
  at: string;
}

interface Totals {
  lines: number;
  revenue: number;
  perHour: Float64Array;
}

function summarise(lines: Line[]) {
  const stores = new Map<string, Totals>();
  const articles = new Map<string, number>();
  const receipts = new Set<string>();
  for (const line of lines) {
    const qty = Number(line.qty);
    const amount = qty * Number(line.price);
    let totals = stores.get(line.store);
    if (!totals) stores.set(line.store, (totals = { lines: 0, revenue: 0, perHour: new Float64Array(24) }));
    totals.lines++;
    totals.revenue += amount;
    totals.perHour[Number(line.at.slice(11, 13))] += amount;
    articles.set(line.article, (articles.get(line.article) ?? 0) + qty);
    receipts.add(line.receipt);
  }
  return { stores, articles, receipts: receipts.size };
}

function busiestHour(perHour: Float64Array): number {
  let best = 0;
  for (let h = 1; h < 24; h++) if (perHour[h] > perHour[best]) best = h;
  return best;
}

let receipts = 0;
for (let month = 1; month <= 6; month++) {
  const parsed = Papa.parse<Line>(receiptsCsv(month, 70_000), { header: true, skipEmptyLines: true });
  if (parsed.errors.length) throw new Error(parsed.errors[0].message);
  const summary = summarise(parsed.data);
  receipts += summary.receipts;
  const top = [...summary.articles].sort((a, b) => b[1] - a[1])[0];
  const [store, totals] = [...summary.stores].sort((a, b) => b[1].revenue - a[1].revenue)[0];
  console.log(`month ${month}: best store ${store} (${totals.revenue.toFixed(0)}, busiest at ${busiestHour(totals.perHour)} h), best article ${top[0]}`);
}
console.log(`${receipts} receipts`);
