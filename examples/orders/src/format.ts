import type { Row } from './model.js';

/** One line of the report. */
export function formatRow(row: Row): string {
  const money = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'EUR' });
  return `${row.day}  ${row.customer.name.padEnd(12)} ${row.customer.region.padEnd(6)} ${money.format(row.total).padStart(12)}`;
}
