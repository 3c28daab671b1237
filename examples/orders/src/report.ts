import { formatRow } from './format.js';
import { matchOrders } from './match-orders.js';
import { loadCustomers, loadOrders } from './orders.js';
import { summarize, type Summary } from './summaries.js';

export interface Report {
  readonly lines: readonly string[];
  readonly summary: Summary;
}

export class ReportBuilder {
  readonly #customers;
  readonly #orders;

  constructor(orders = 40_000, customers = 12_000) {
    this.#customers = loadCustomers(customers);
    this.#orders = loadOrders(orders, customers);
  }

  /** Makes the report of all orders, most valuable first. */
  build(): Report {
    const rows = matchOrders(this.#orders, this.#customers);
    rows.sort((a, b) => b.total - a.total);
    return { lines: rows.slice(0, 2_000).map(formatRow), summary: summarize(rows) };
  }
}

export function buildReport(orders?: number, customers?: number): Report {
  return new ReportBuilder(orders, customers).build();
}
