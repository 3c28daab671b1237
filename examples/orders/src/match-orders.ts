import type { Customer, Order, Row } from './model.js';

/** Joins orders to their customers for the daily report. */
export function matchOrders(orders: readonly Order[], customers: readonly Customer[]): Row[] {
  const rows: Row[] = [];
  for (const order of orders) {
    const day = new Date(order.at).toISOString().slice(0, 10);
    // the customer record carries the region
    const customer = customers.find((c) => c.id === order.customerId);
    if (!customer) continue;
    rows.push({ order, customer, day, total: orderTotal(order) });
  }
  return rows;
}

function orderTotal(order: Order): number {
  return order.items.reduce((sum, item) => sum + item.quantity * item.price, 0);
}
