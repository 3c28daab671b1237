// The monthly invoices of a tennis club.
import { readBookings, readMembers } from './data';
import { byCourt, type Invoice, invoices } from './invoices';

function page(one: Invoice): string {
  const lines = one.lines.map(({ text, amount }) => `${text.padEnd(40)}${amount.toFixed(2).padStart(10)}`);
  return [`Invoice ${one.number}`, one.to, '', ...lines, `${'Total'.padEnd(40)}${one.total.toFixed(2).padStart(10)}`].join('\n');
}

const members = readMembers(4000);
const bookings = readBookings(90_000, members.length);
const all = invoices(members, bookings, '2026-11');
const pages = all.map(page);
console.log(pages[17]);
console.log(`${pages.length} invoices, ${all.reduce((sum, { total }) => sum + total, 0).toFixed(2)} in all`);
byCourt(bookings).forEach((sum, court) => {
  console.log(`court ${court}: ${sum.toFixed(2)}`);
});
