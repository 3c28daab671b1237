// A day of a service with live prices: pages are opened and closed while prices change.
import { Feed, SYMBOLS } from './feed.mjs';
import { Page } from './page.mjs';

const OPEN = 25;

function watchList(visitor) {
  return SYMBOLS.filter((_, i) => (visitor + i) % 3 === 0);
}

class Day {
  #feed = new Feed();
  #open = [];
  visitors = 0;
  seen = 0;

  visit() {
    this.#open.push(new Page(this.#feed, watchList(this.visitors++)));
    if (this.#open.length > OPEN) this.#leave();
  }

  #leave() {
    const page = this.#open.shift();
    page.close();
    this.seen += page.changes;
  }

  pass(ticks) {
    for (let i = 0; i < ticks; i++) this.#feed.tick();
  }

  end() {
    const text = this.#open.at(-1).text();
    while (this.#open.length > 0) this.#leave();
    return text;
  }
}

const day = new Day();
for (let visitor = 0; visitor < 2000; visitor++) {
  day.visit();
  day.pass(4);
}
const last = day.end();
console.log(`${day.visitors} visitors have seen ${day.seen} changes`);
console.log(last);
