// Sorts the parcels of a night to depots and keeps a log of it.
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Logger } from './logger.mjs';
import { Sorter } from './sorting.mjs';

function* parcels(count) {
  let state = 5;
  for (let id = 1; id <= count; id++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield { id, postcode: 1000 + (state >>> 7) % 98_999, grams: 80 + (state >>> 3) % 32_000, express: state % 9 === 0 };
  }
}

const log = new Logger(path.join(mkdtempSync(path.join(os.tmpdir(), 'parcels-')), 'night.log'));
const sorter = new Sorter(log);
for (const parcel of parcels(150_000)) sorter.accept(parcel);
await log.close();
for (const [depot, grams] of sorter.loads) console.log(`${depot}: ${(grams / 1e6).toFixed(1)} t`);
console.log(`${sorter.held} held back, ${log.lines} lines of log`);
