import { EventEmitter } from 'node:events';

const SYMBOLS = ['ALFA', 'BETA', 'CHIP', 'DOCK', 'ECHO', 'FUSE', 'GRID', 'HALO'];

/** Prices as they change. */
export class Feed extends EventEmitter {
  #prices = new Map(SYMBOLS.map((symbol, i) => [symbol, 100 + i * 25]));
  #ticks = 0;

  constructor() {
    super();
    // Many pages are open at once.
    this.setMaxListeners(0);
  }

  tick() {
    const symbol = SYMBOLS[(this.#ticks * 5) % SYMBOLS.length];
    const price = this.#prices.get(symbol) * (1 + (((this.#ticks * 37) % 21) - 10) / 2000);
    this.#prices.set(symbol, price);
    this.#ticks++;
    this.emit('price', { symbol, price, at: this.#ticks });
  }

  price(symbol) {
    return this.#prices.get(symbol);
  }
}

export { SYMBOLS };
