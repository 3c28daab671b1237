// Imports orders from a partner's feed into the shop.
import { feed } from './feed.mjs';
import { Logger } from './logger.mjs';
import { Shop } from './shop.mjs';

const log = new Logger(process.env.LOG_LEVEL ?? 'warn');
const shop = new Shop(log);

for (const order of feed(9000)) {
  if (!shop.accept(order)) log.warn('rejected', order.id);
}
const { orders, revenue } = shop.totals();
console.log(`${orders} orders, ${revenue.toFixed(2)} EUR, ${shop.customers.size} customers`);
