// Compares the list of a supplier with the stock of a shop, and says what has to be taken over.
import { changes, summary } from './compare.mjs';

const COLOURS = ['red', 'blue', 'green', 'grey'];

function article(i, edition) {
  return {
    sku: `A-${10_000 + i}`,
    name: `Article ${i}`,
    price: { amount: 500 + ((i * 37) % 9000) + (edition === 2 && i % 40 === 0 ? 50 : 0), currency: 'EUR' },
    variants: COLOURS.slice(0, 1 + (i % 4)).map((colour, at) => ({ colour, stock: (i * (at + 3)) % 17 })),
    tags: i % 3 ? ['new'] : ['sale', 'outlet'],
  };
}

function supplierList(count) {
  const list = Array.from({ length: count }, (_, i) => article(i, 2));
  return list.filter((_, i) => i % 97 !== 5).concat(Array.from({ length: 20 }, (_, i) => article(count + i, 2)));
}

const stock = Array.from({ length: 1500 }, (_, i) => article(i, 1));
const list = supplierList(1500);
const found = changes(stock, list);
console.log(summary(found));
for (const { sku, price } of found.changed.slice(0, 5)) console.log(`${sku}: now ${price.amount / 100} ${price.currency}`);
