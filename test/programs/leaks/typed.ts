// The same as a Map that grows, in TypeScript: places are those of this file.
interface Order {
  readonly id: number;
  readonly lines: readonly string[];
}

class Store {
  private readonly orders = new Map<number, Order>();

  place(order: Order): void {
    this.orders.set(order.id, order);
  }
}

const store = new Store();
let next = 0;

export function exercise(): void {
  store.place({ id: next++, lines: ['a', 'b'] });
}
