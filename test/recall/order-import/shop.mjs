import { inspect } from 'node:util';

export class Shop {
  customers = new Map();
  #orders = [];
  #log;

  constructor(log) {
    this.#log = log;
  }

  accept(order) {
    if (order.lines.length === 0) return false;
    const customer = this.#customer(order.customer);
    customer.orders.push(order.id);
    customer.spent += order.lines.reduce((sum, line) => sum + line.price * line.count, 0);
    this.#orders.push(order);
    this.#log.debug('accepted', order.id, inspect({ order, customer }, { depth: null, maxArrayLength: null }));
    return true;
  }

  #customer(id) {
    let customer = this.customers.get(id);
    if (!customer) {
      customer = { id, orders: [], spent: 0, since: Date.now() };
      this.customers.set(id, customer);
      this.#log.info('new customer', id);
    }
    return customer;
  }

  totals() {
    let revenue = 0;
    for (const { spent } of this.customers.values()) revenue += spent;
    return { orders: this.#orders.length, revenue };
  }
}
