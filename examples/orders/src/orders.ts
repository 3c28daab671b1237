import type { Customer, Order, OrderItem } from './model.js';
import { randomFrom } from './lib/random.js';

const regions = ['north', 'south', 'east', 'west'];
const names = ['Ada', 'Ben', 'Cleo', 'Dirk', 'Eva', 'Finn', 'Gül', 'Hana', 'Ivo', 'Jun'];

/** Stands in for the database. */
export function loadCustomers(count: number): Customer[] {
  const random = randomFrom(7);
  return Array.from({ length: count }, (_, id) => ({
    id,
    name: `${names[Math.floor(random() * names.length)]} ${String.fromCharCode(65 + (id % 26))}.`,
    region: regions[Math.floor(random() * regions.length)] as string,
  }));
}

export function loadOrders(count: number, customers: number): Order[] {
  const random = randomFrom(42);
  const start = Date.UTC(2026, 0, 1);
  return Array.from({ length: count }, (_, id) => ({
    id,
    customerId: Math.floor(random() * customers),
    at: new Date(start + Math.floor(random() * 90) * 86_400_000).toISOString(),
    items: Array.from(
      { length: 1 + Math.floor(random() * 4) },
      (): OrderItem => ({
        sku: `SKU-${Math.floor(random() * 500)}`,
        quantity: 1 + Math.floor(random() * 5),
        price: Math.round(random() * 10_000) / 100,
      }),
    ),
  }));
}
