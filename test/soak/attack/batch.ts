/**
 * A batch of cases in a process of its own: `node --import GUARD batch.cjs DIST GUARD ROOT FIRST COUNT WHOLE KIND`.
 * WHOLE is 1 where nothing is changed, and each seed stands for a kind.
 * Writes a row of JSON for each case into file descriptor 3.
 */
import fs from 'node:fs';
import { caseFolder } from './case-folder';
import { judge, type Outcome, outcomeOf } from './judge';
import { keepThreads } from './kept-threads';
import type { Kind } from './kind';
import { kinds } from './kinds';
import { kindOf, makeCase, wholeCase } from './make-case';
import { forgetPeak, peakMegabytes } from './memory';
import { catchStrayed, runCase } from './run-case';
import { attackedServer } from './server';

export interface Row {
  readonly seed: number;
  readonly kind: string;
  readonly change: 'bytes' | 'structure';
  readonly packing: string;
  readonly outcome: Outcome;
  readonly ms: number;
  /** Milliseconds of computing, in all threads of the process that read. */
  readonly cpuMs: number;
  readonly megabytes: number;
  readonly problems: readonly string[];
  /** What was asked, where there are problems. */
  readonly asked?: readonly string[];
}

/** Megabytes that a case may take, of a process that has some 150 before. */
const MOST_MEGABYTES = 900;

async function main(): Promise<void> {
  const [dist = '', guard = '', root = '', first = '0', count = '0', whole = '', only = ''] = process.argv.slice(2);
  const folder = caseFolder(root);
  process.chdir(folder.work);
  catchStrayed();
  keepThreads('pattern-worker.mjs');
  const server = attackedServer(dist, guard, folder);
  for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
    if (only !== '' && !kindOf(seed).name.includes(only)) continue;
    const one = whole === '1' ? wholeCase(kinds[seed] as Kind, folder.work, seed) : makeCase(seed, folder.work);
    folder.fill(one);
    forgetPeak('self');
    const begin = performance.now();
    let outcome: Outcome;
    let megabytes: number;
    let cpuMs: number;
    const problems: string[] = [];
    if (one.ask.bundle === 'server') {
      const answer = await server.ask(one);
      ({ outcome, megabytes, cpuMs } = answer);
      problems.push(...answer.problems);
    } else {
      const before = process.cpuUsage();
      const answer = await runCase(dist, one);
      const { user, system } = process.cpuUsage(before);
      cpuMs = Math.round((user + system) / 1000);
      outcome = outcomeOf(answer);
      megabytes = peakMegabytes('self');
      problems.push(...judge(one, answer), ...answer.thrown.map((text) => `thrown: ${text.slice(0, 900)}`));
    }
    const ms = Math.round(performance.now() - begin);
    problems.push(...folder.refused(), ...folder.unexpected(one));
    if (megabytes > MOST_MEGABYTES) problems.push(`${Math.round(megabytes)} MB`);
    const { kind, change, packing, ask } = one;
    const asked = problems.length > 0 ? { asked: [ask.bundle, ...ask.args] } : {};
    const row: Row = { seed, kind: kind.name, change, packing, outcome, ms, cpuMs, megabytes: Math.round(megabytes), problems, ...asked };
    fs.writeSync(3, `${JSON.stringify(row)}\n`);
  }
  server.end();
  process.exit(0);
}

// A fault of the suite's own, or whoever asked is gone: the process ends, and its last words are told as those of the case.
main().catch((error: unknown) => {
  try {
    fs.writeSync(2, error instanceof Error ? String(error.stack) : String(error));
  } catch {
    // Nobody listens.
  }
  process.exit(1);
});
