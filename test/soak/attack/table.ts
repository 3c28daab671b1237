/** What came of many cases, as a table. */
import os from 'node:os';
import type { Row } from './batch';

export interface About {
  readonly first: number;
  readonly count: number;
  readonly lanes: number;
  readonly seconds: number;
}

const most = (rows: readonly Row[], key: 'ms' | 'megabytes'): number => rows.reduce((found, row) => Math.max(found, row[key]), 0);
const share = (part: number, all: number): string => (all === 0 ? '–' : `${Math.round((100 * part) / all)} %`);

function line(name: string, rows: readonly Row[]): string {
  const failed = rows.filter(({ problems }) => problems.length > 0).length;
  const opened = rows.filter(({ outcome }) => outcome === 'opened').length;
  const structural = rows.filter(({ change, packing }) => change === 'structure' && !packing.includes('damaged'));
  const structuralOpened = structural.filter(({ outcome }) => outcome === 'opened').length;
  const refused = rows.filter(({ outcome, problems }) => outcome === 'refused' && problems.length === 0).length;
  return `| ${name} | ${rows.length} | ${opened} | ${share(structuralOpened, structural.length)} | ${refused} | ${failed} | ${most(rows, 'ms')} | ${most(rows, 'megabytes')} |`;
}

function lines(rows: readonly Row[]): string[] {
  const byKind = grouped(rows);
  return [
    '| kind | cases | opened | of structural ones | refused with a sentence | failed | longest ms | peak MB |',
    '|---|--:|--:|--:|--:|--:|--:|--:|',
    ...[...byKind].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, of]) => line(name, of)),
    line('all', rows),
  ];
}

function grouped(rows: readonly Row[]): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) found.set(row.kind, [...(found.get(row.kind) ?? []), row]);
  return found;
}

export interface FailureClass {
  readonly name: string;
  readonly seeds: readonly number[];
}

/** Failures that say the same but for names and numbers, the most frequent first. */
export function failureClasses(rows: readonly Row[]): FailureClass[] {
  const found = new Map<string, number[]>();
  for (const { kind, seed, problems } of rows)
    for (const problem of problems) {
      const [first = '', at = ''] = problem.split('\n').map((one) => one.trim());
      const name = `${kind}: ${first.slice(0, 160).replace(/"[^"]*"|\d+/g, '…')} ${at.slice(0, 100)}`;
      const seeds = found.get(name);
      if (seeds) seeds.push(seed);
      else found.set(name, [seed]);
    }
  return [...found].map(([name, seeds]) => ({ name, seeds })).sort((a, b) => b.seeds.length - a.seeds.length);
}

/** For the terminal. */
export function summary(rows: readonly Row[], { seconds }: About): string {
  const failed = rows.filter(({ problems }) => problems.length > 0).length;
  const rate = rows.length / seconds;
  return [...lines(rows), '', `${rows.length} cases, ${failed} failed, ${seconds.toFixed(0)} s, ${rate.toFixed(1)} a second`].join('\n');
}

/** bench/soak-attack.md */
export function attackTable(rows: readonly Row[], { first, count, lanes, seconds }: About): string {
  const failures = failureClasses(rows);
  const failed = rows.filter(({ problems }) => problems.length > 0).length;
  return [
    '# Attack',
    '',
    `${count} mutated inputs through the built bundles, seeds ${first} to ${first + count - 1}; Node.js ${process.version}, ${os.cpus().length} CPUs, ${lanes} at once, ${Math.round(seconds / 60)} minutes. \`npm run soak -- attack ${count} ${first} ${lanes}\` makes this file.`,
    '',
    `${failed} failed. Checked of each: the command ends with a documented exit code, nothing is thrown, what is refused is refused with a sentence, JSON is JSON, no control character of a file reaches a terminal; what stands beside a profile does not cost the profile; no device and no pipe is read, no other host's path touched, nothing written outside, no process started, no connection opened, no text of a file outside shown.`,
    '',
    'Three of four cases change the structure and stay JSON, protocol buffers or lines, so that most open (fourth column); the others change bytes. Of profiles some come packed with gzip or zstd, whole or damaged. Peak is the memory of the process that read while it did, of the command line or of the language server, which has some 150 MB with the bundles loaded.',
    '',
    ...lines(rows),
    '',
    ...(failures.length > 0
      ? ['## Failures', '', ...failures.slice(0, 50).map(({ name, seeds }) => `- ${seeds.length}, first with seed ${seeds[0]}: ${name}`), '']
      : []),
  ].join('\n');
}
