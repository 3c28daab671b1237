// Prints invoices in the language of each customer, and a check sum of all of them.
import { createHash } from 'node:crypto';
import { money } from './formats';

const MARKETS = [
  ['de-DE', 'EUR'],
  ['en-GB', 'GBP'],
  ['pl-PL', 'PLN'],
  ['sv-SE', 'SEK'],
];

let state = 15;
function next(below: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return (state >>> 8) % below;
}

function invoice(number: number): string {
  const [locale, currency] = MARKETS[number % MARKETS.length];
  const lines: string[] = [];
  let total = 0;
  for (let i = 0; i < 4 + next(8); i++) {
    const price = (100 + next(9000)) / 100;
    const amount = 1 + next(6);
    total += price * amount;
    lines.push(`${amount} x article ${next(5000)}`.padEnd(30) + money(locale, currency).format(price * amount));
  }
  return `Invoice ${number}\n${lines.join('\n')}\n${money(locale, currency).format(total)}\n`;
}

const sum = createHash('sha256');
let length = 0;
for (let number = 1; number <= 330_000; number++) {
  const text = invoice(number);
  length += text.length;
  sum.update(text);
}
console.log(`${length} characters, ${sum.digest('hex').slice(0, 12)}`);
