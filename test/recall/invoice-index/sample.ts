export function sampleExport(count: number): string {
  const rows = ['id;customer;due;items'];
  for (let i = 0; i < count; i++) {
    const day = String(1 + (i % 28)).padStart(2, '0');
    const month = String(1 + (i % 12)).padStart(2, '0');
    const items = Array.from({ length: 1 + (i % 4) }, (_, k) => `SKU${(i * 7 + k) % 900}=${((i * 31 + k * 17) % 5000) / 100}`);
    rows.push(`INV-${100000 + i};customer-${(i * 13) % 300};2025-${month}-${day};${items.join('|')}`);
  }
  return rows.join('\n');
}
