import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JsonStore } from './store.mjs';
import { deliveries } from './deliveries.mjs';

const dir = mkdtempSync(join(tmpdir(), 'inventory-'));
const store = new JsonStore(join(dir, 'inventory.json'));

function book(line) {
  const known = store.get(line.sku);
  if (known) {
    const quantity = known.quantity + line.quantity;
    const cost = (known.cost * known.quantity + line.cost * line.quantity) / quantity;
    store.set(line.sku, { ...known, quantity, cost, lastDelivery: line.date });
    return 'updated';
  }
  store.set(line.sku, {
    sku: line.sku,
    title: line.title,
    quantity: line.quantity,
    cost: line.cost,
    firstDelivery: line.date,
    lastDelivery: line.date,
    location: { hall: line.sku.length % 3, rack: line.quantity % 20 },
  });
  return 'created';
}

const counts = { created: 0, updated: 0 };
for (const line of deliveries(1900)) counts[book(line)]++;

const value = store.values().reduce((sum, item) => sum + item.quantity * item.cost, 0);
console.log(`${counts.created} created, ${counts.updated} updated, stock value ${value.toFixed(0)}`);
rmSync(dir, { recursive: true });
