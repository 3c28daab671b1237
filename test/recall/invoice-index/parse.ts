export interface Invoice {
  id: string;
  customer: string;
  due: Date;
  lines: { sku: string; amount: number }[];
  total: number;
}

export function parseExport(csv: string): Invoice[] {
  const [, ...rows] = csv.trim().split('\n');
  return rows.map((row) => {
    const [id, customer, due, items] = row.split(';');
    const lines = items.split('|').map((item) => {
      const [sku, amount] = item.split('=');
      return { sku, amount: Number(amount) };
    });
    return { id, customer, due: new Date(due), lines, total: lines.reduce((sum, line) => sum + line.amount, 0) };
  });
}
