import type { Invoice } from './parse';

/** Later versions of an invoice replace earlier ones. */
export function indexById(invoices: Invoice[]): Record<string, Invoice> {
  return invoices.reduce(
    (index, invoice) => ({
      ...index,
      [invoice.id]: invoice,
    }),
    {} as Record<string, Invoice>,
  );
}

export function overdueByCustomer(invoices: Invoice[], today: Date): Map<string, number> {
  const sums = new Map<string, number>();
  for (const invoice of invoices) {
    if (invoice.due >= today) continue;
    sums.set(invoice.customer, (sums.get(invoice.customer) ?? 0) + invoice.total);
  }
  return sums;
}
