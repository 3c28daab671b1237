/**
 * `npm run soak -- attack [COUNT] [FIRST-SEED] [LANES] [KIND]`: mutated inputs through the built bundles, and
 * a table of them in bench/soak-attack.md. A run that is stopped goes on where it was when it is started
 * again with the same figures; it starts anew where the bundles are others.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../../support/run';
import { attack } from './attack';
import type { Row } from './batch';
import { readState, writeState } from './state';
import { attackTable, failureLines, summary } from './table';
import { addRow, addTally, emptyTally, wholeOf } from './tally';

/** From so many on the table is written, and what is finished is kept. */
const TABLE = 100_000;

/** What stands for the bundles. */
function buildOf(): string {
  const hash = createHash('sha256');
  const dist = path.join(root, 'dist');
  for (const name of fs.readdirSync(dist).sort()) if (/\.[cm]js$/.test(name)) hash.update(fs.readFileSync(path.join(dist, name)));
  return hash.digest('hex').slice(0, 12);
}

async function main(): Promise<void> {
  const count = Number(process.argv[2] ?? 20_000);
  const first = Number(process.argv[3] ?? 0);
  const lanes = Number(process.argv[4] ?? Math.max(1, os.cpus().length - 1));
  const only = process.argv[5] ?? '';
  if (![count, first, lanes].every(Number.isSafeInteger)) throw new Error('npm run soak -- attack [COUNT] [FIRST-SEED] [LANES] [KIND]');
  const file = path.join(root, 'out', 'soak', `attack-${first}-${count}-${only.replace(/\W+/g, '_')}-${buildOf()}.json`);
  const isKept = count >= TABLE;
  const state = isKept ? readState(file) : { done: [], tally: emptyTally(), seconds: 0 };
  console.log(`seeds ${first} to ${first + count - 1}, ${lanes} at once${state.done.length > 0 ? `, ${wholeOf(state.tally).cases} done before` : ''}`);
  let last = Date.now();
  let told = 0;
  const pending = new Map<number, Row>();
  const about = () => ({ first, count, lanes, seconds: state.seconds, only });
  const onRange = ([from, to]: readonly [number, number]): void => {
    const tally = emptyTally();
    for (let seed = from; seed < to; seed++) {
      const row = pending.get(seed);
      if (row) addRow(tally, row);
      pending.delete(seed);
    }
    addTally(state.tally, tally);
    state.done.push([from, to]);
    state.seconds += (Date.now() - last) / 1000;
    last = Date.now();
    if (isKept) writeState(file, state);
    const { cases, failed } = wholeOf(state.tally);
    console.log(`${cases} of ${count}, ${failed} failed, ${Math.round(state.seconds)} s`);
  };
  const onRow = (row: Row): void => {
    pending.set(row.seed, row);
    const { seed, kind, problems, asked } = row;
    if (problems.length > 0 && told++ < 200) console.log(`seed ${seed}: ${kind}: ${asked?.join(' ') ?? ''}\n   ${problems.join('\n   ')}`);
  };
  await attack({ first, count, lanes, only, done: [...state.done], onRow, onRange });
  console.log(summary(state.tally, about()));
  for (const line of failureLines(state.tally)) console.log(line);
  if (isKept && only === '') fs.writeFileSync(path.join(root, 'bench', 'soak-attack.md'), attackTable(state.tally, about()));
  process.exit(wholeOf(state.tally).failed > 0 ? 1 : 0);
}

void main();
