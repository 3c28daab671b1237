// Replays some months at the desk of a library.
import { Library } from './library.mjs';
import { events, stock } from './shelves.mjs';

const BOOKS = 14_000;
const MEMBERS = 2500;

const library = new Library();
stock(library, BOOKS, MEMBERS);

const totals = { lent: 0, refused: 0, back: 0, fees: 0 };
for (const event of events(19_000, BOOKS, MEMBERS)) {
  if (event.kind === 'lend') {
    if (library.lend(event.barcode, event.card, event.day)) totals.lent += 1;
    else totals.refused += 1;
  } else {
    totals.back += 1;
    totals.fees += library.giveBack(event.barcode, event.day);
  }
}

const out = library.books.find({ lent: { $ne: null } }).length;
console.log(`${totals.lent} lent, ${totals.refused} refused, ${totals.back} brought back, ${(totals.fees / 100).toFixed(2)} EUR of fees, ${out} out`);
