// Works out prices, freight and margins of a year's orders by the formulas of the shop.
import { figures, type Line, RULES } from './rules';

interface Order {
  id: number;
  country: string;
  lines: Line[];
}

const COUNTRIES = ['AT', 'DE', 'CH', 'IT'];

function readOrders(count: number): Order[] {
  return Array.from({ length: count }, (_, i) => ({
    id: 70_000 + i,
    country: COUNTRIES[i % 4],
    lines: Array.from({ length: 1 + (i % 4) }, (_, k) => {
      const price = 5 + ((i * 13 + k * 7) % 90);
      return { quantity: 1 + ((i + k) % 9), price, discount: (i % 5) * 5, weight: 0.4 + (k % 7), cost: price * 0.55 };
    }),
  }));
}

class Totals {
  private readonly sums = new Map<string, Record<string, number>>();

  add(country: string, values: Record<string, number>): void {
    const own = this.sums.get(country) ?? {};
    for (const [name, value] of Object.entries(values)) own[name] = (own[name] ?? 0) + value;
    this.sums.set(country, own);
  }

  *rows(): Generator<string[]> {
    for (const [country, own] of this.sums) yield [country, ...RULES.map(({ name, unit }) => `${name} ${own[name].toFixed(2)} ${unit}`)];
  }
}

const totals = new Totals();
let poor = 0;
for (const order of readOrders(10_000)) {
  for (const line of order.lines) {
    const values = figures(line);
    if (values.margin < 30) poor++;
    totals.add(order.country, values);
  }
}
for (const row of totals.rows()) console.log(row.join('  '));
console.log(`${poor} lines with a margin below 30 %`);
