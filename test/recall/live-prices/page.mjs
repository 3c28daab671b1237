/** A page that someone has open: shows the prices of what they watch. */
export class Page {
  #feed;
  #watched;
  #rows = new Map();
  changes = 0;
  closed = false;

  constructor(feed, watched) {
    this.#feed = feed;
    this.#watched = new Set(watched);
    for (const symbol of watched) this.#rows.set(symbol, { price: feed.price(symbol), from: feed.price(symbol), at: 0 });
    feed.on('price', (change) => this.#update(change));
  }

  #update({ symbol, price, at }) {
    if (!this.#watched.has(symbol)) return;
    const row = this.#rows.get(symbol);
    const percent = ((price - row.from) / row.from) * 100;
    this.#rows.set(symbol, { ...row, price, at, text: `${symbol} ${price.toFixed(2)} (${percent.toFixed(1)} %)` });
    this.changes++;
  }

  text() {
    return [...this.#rows.values()].map(({ text }) => text ?? '-').join('\n');
  }

  close() {
    this.closed = true;
    this.#watched = new Set([...this.#watched].filter((symbol) => this.#feed.price(symbol) > 0));
  }
}
