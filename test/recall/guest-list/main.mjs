// Prints the list of guests of a wedding as a page, with a summary for the kitchen.
import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { guests } from './guests.mjs';
import { GuestPage } from './page.mjs';

const page = new GuestPage('Wedding of Ida and Paul');
const meals = new Map();
for (const guest of guests(290)) {
  page.add(guest);
  meals.set(guest.meal, (meals.get(guest.meal) ?? 0) + 1);
}
page.kitchen([...meals].sort((a, b) => b[1] - a[1]));

const html = page.toString();
writeFileSync(path.join(mkdtempSync(path.join(os.tmpdir(), 'guests-')), 'guests.html'), html);
console.log(`${page.list.children.length} guests, ${html.length} characters; ${page.document.getElementById('kitchen').textContent}`);
