import type { Database } from './database';

const PAGE = 30;

interface Order {
  id: number;
  total: number;
  customer: string;
  city: string;
}

/** One page of orders with the names of their customers. */
export async function ordersPage(database: Database, page: number): Promise<Order[]> {
  const rows = await database.query({ table: 'order', from: page * PAGE, count: PAGE });
  const orders: Order[] = [];
  for (const row of rows) {
    const [customer] = await database.query({ table: 'customer', ids: [Number(row.customer)] });
    orders.push({ id: Number(row.id), total: Number(row.total), customer: String(customer.name), city: String(customer.city) });
  }
  return orders;
}

export function orderTotals(orders: Order[]): Record<string, number> {
  const totals: Record<string, number> = {};
  for (const order of orders) totals[order.city] = (totals[order.city] ?? 0) + order.total;
  return totals;
}
