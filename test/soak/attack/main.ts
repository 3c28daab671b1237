/** `npm run soak -- attack [COUNT] [FIRST-SEED] [LANES] [KIND]`: mutated inputs through the built bundles, and a table of them in bench/soak-attack.md. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../../support/run';
import { attack } from './attack';
import { attackTable, failureClasses, summary } from './table';

/** From so many on the table is written. */
const TABLE = 100_000;

async function main(): Promise<void> {
  const count = Number(process.argv[2] ?? 20_000);
  const first = Number(process.argv[3] ?? 0);
  const lanes = Number(process.argv[4] ?? Math.max(1, os.cpus().length - 1));
  if (![count, first, lanes].every(Number.isSafeInteger)) throw new Error('npm run soak -- attack [COUNT] [FIRST-SEED] [LANES] [KIND]');
  console.log(`seeds ${first} to ${first + count - 1}, ${lanes} at once`);
  const begin = Date.now();
  let done = 0;
  let failed = 0;
  const rows = await attack({
    first,
    count,
    lanes,
    only: process.argv[5] ?? '',
    onRow({ seed, kind, problems, asked }) {
      done++;
      if (problems.length > 0 && failed++ < 200) console.log(`seed ${seed}: ${kind}: ${asked?.join(' ') ?? ''}\n   ${problems.join('\n   ')}`);
      if (done % 2000 === 0) console.log(`${done} of ${count}, ${failed} failed, ${Math.round((Date.now() - begin) / 1000)} s`);
    },
  });
  const seconds = (Date.now() - begin) / 1000;
  const about = { first, count, lanes, seconds };
  console.log(summary(rows, about));
  for (const { name, seeds } of failureClasses(rows)) console.log(`${seeds.length} times, first with seed ${seeds[0]}: ${name}`);
  if (rows.length >= TABLE) fs.writeFileSync(path.join(root, 'bench', 'soak-attack.md'), attackTable(rows, about));
  process.exit(failed > 0 ? 1 : 0);
}

void main();
