// Imports invoices: parses them, sums them by town and month, and stores them in batches.
import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { lines, parse } from './rows.mjs';
import { MemoryWatch } from './watch.mjs';

const folder = mkdtempSync(path.join(os.tmpdir(), 'import-'));
const watch = new MemoryWatch(1500);
const sums = new Map();
let batch = [];
let batches = 0;
let open = 0;

function add(row) {
  const key = `${row.town} ${row.month}`;
  sums.set(key, (sums.get(key) ?? 0) + row.amount);
  if (row.open) open += 1;
  batch.push(row);
}

function flush() {
  writeFileSync(path.join(folder, `batch-${++batches}.json`), JSON.stringify(batch));
  batch = [];
}

for (const line of lines(240_000)) {
  add(parse(line));
  if (batch.length === 5000) flush();
  watch.check(`batch ${batches}`);
}
if (batch.length > 0) flush();

const [best, sum] = [...sums].reduce((most, entry) => (entry[1] > most[1] ? entry : most));
console.log(`${batches} batches, ${open} open invoices, most in ${best}: ${sum.toFixed(2)}; ${Math.round(watch.most / 1024 / 1024) > 0 ? 'memory fine' : ''}`);
