/** `npm run soak -- [COUNT] [FIRST-SEED] [LANES]`: recordings that are ended at random, and a table of them in bench/soak.md. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../support/run';
import { soak } from './batch';
import type { SoakResult } from './one';

const count = Number(process.argv[2] ?? 500);
const first = Number(process.argv[3] ?? Math.floor(Math.random() * 1e6));
const lanes = Number(process.argv[4] ?? Math.max(1, os.cpus().length - 1));

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

function table(results: readonly SoakResult[], key: 'ending' | 'program'): string[] {
  const names = [...new Set(results.map((one) => one[key]))].sort();
  return [
    `| ${key} | recordings | failed | end, median | end, longest |`,
    '|---|--:|--:|--:|--:|',
    ...names.map((name) => {
      const of = results.filter((one) => one[key] === name);
      const times = of.map(({ endMs }) => Math.max(0, endMs));
      return `| ${name} | ${of.length} | ${of.filter(({ problems }) => problems.length > 0).length} | ${median(times)} ms | ${Math.max(...times)} ms |`;
    }),
  ];
}

async function main(): Promise<void> {
  console.log(`seeds ${first} to ${first + count - 1}`);
  let done = 0;
  const seeds = Array.from({ length: count }, (_, i) => first + i);
  const results = await soak(seeds, lanes, ({ seed, program, ending, endMs, problems }) => {
    done++;
    if (problems.length > 0) console.log(`seed ${seed}: ${program}, ${ending}: ${problems.join('\n   ')}`);
    else if (done % 20 === 0) console.log(`${done} of ${count}; the last: ${program}, ${ending}, ${endMs} ms`);
  });
  const failed = results.filter(({ problems }) => problems.length > 0);
  const lines = [
    '# Soak',
    '',
    `${count} recordings that were ended at random, each in a pid namespace of its own; seeds ${first} to ${first + count - 1}; Node.js ${process.version}, ${os.cpus().length} CPUs, ${lanes} at once. \`npm run soak\` makes this file.`,
    '',
    `${failed.length} failed${failed.length > 0 ? `: ${failed.map(({ seed, ending, program, problems }) => `${seed} (${program}, ${ending}: ${problems[0]})`).join('; ')}` : ''}. Checked of each: the recorder ends; no process, and so no port, is left; no folder is left but that of a recorder that was killed; every thread is kept, with what it computed, but where the program itself got SIGKILL, the recording was cancelled or the recorder killed.`,
    '',
    ...table(results, 'ending'),
    '',
    ...table(results, 'program'),
    '',
  ];
  fs.writeFileSync(path.join(root, 'bench', 'soak.md'), lines.join('\n'));
  console.log(`${count - failed.length} passed, ${failed.length} failed`);
  process.exit(failed.length > 0 ? 1 : 0);
}

void main();
