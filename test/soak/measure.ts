/**
 * `plateau measure` on real programs: `npm run soak -- measure [A/A MEASUREMENTS] [INJECTIONS]`.
 * Measures a loop against itself, and a program of fifty functions of which one costs 5 % of the
 * program more. Writes bench/soak-measure.md. Takes about a minute a measurement.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ComparisonReport } from '../../src/shared/comparison';

const root = process.cwd();
const cli = path.join(root, 'dist', 'cli.cjs');
const [selfChecks = 3, injections = 1] = process.argv.slice(2).map(Number);
const FUNCTIONS = 50;
const TURNS = 40;
const WORK = 40_000;

/** Each function works as long as the others; `slower` of them for 5 % of all longer. */
function program(slower: number): string {
  const work = (at: number): number => WORK * (at === slower ? 1 + FUNCTIONS * 0.05 : 1);
  const functions = Array.from(
    { length: FUNCTIONS },
    (_, at) => `function work${at}(n) { let s = ${at + 1}; for (let i = 0; i < n; i++) s = (s * ${17 + at} + i) % ${999_983 - 2 * at}; return s; }`,
  );
  const calls = Array.from({ length: FUNCTIONS }, (_, at) => `work${at}(${work(at)})`);
  return `${functions.join('\n')}\nlet sum = 0;\nfor (let turn = 0; turn < ${TURNS}; turn++) sum += ${calls.join(' + ')};\nconsole.log(sum);\n`;
}

const loop = `function step(n) { let s = 1; for (let i = 0; i < n; i++) s = (s * 31 + i) % 1000003; return s; }
let sum = 0;
for (let turn = 0; turn < 100; turn++) sum += step(200000);
console.log(sum);
`;

interface Row {
  readonly what: string;
  readonly noise: string;
  readonly whole: string;
  readonly functions: string;
  readonly isRight: boolean;
}

function measure(what: string, texts: readonly [before: string, after: string], changed: string | undefined): Row {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'measure-soak-'));
  const git = (...args: string[]): void => void execFileSync('git', ['-c', 'user.email=a@b.c', '-c', 'user.name=a', ...args], { cwd: folder });
  try {
    git('init', '-q');
    writeFileSync(path.join(folder, 'main.js'), texts[0]);
    git('add', '-A');
    git('commit', '-qm', 'before');
    writeFileSync(path.join(folder, 'main.js'), texts[1]);
    const { stdout, stderr } = spawnSync(process.execPath, [cli, 'measure', '--before', 'HEAD', '--json', '--', 'node', 'main.js'], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    if (stdout === '') throw new Error(stderr);
    const { before, after, verdict, functions, metrics } = JSON.parse(stdout) as ComparisonReport;
    const named = functions.filter((one) => one.verdict === 'slower' || one.verdict === 'faster');
    const percent = (ratio: number | null | undefined): string => (ratio === null || ratio === undefined ? '–' : `${((ratio - 1) * 100).toFixed(1)} %`);
    const isAlarm = verdict === 'slower' || verdict === 'faster';
    return {
      what,
      noise: `${(Math.max(before.noise ?? 0, after.noise ?? 0) * 100).toFixed(1)} %`,
      whole: `${verdict}, ${percent(metrics[0]?.ratio)}`,
      functions: named.map((one) => `${one.name} ${one.verdict}, ${percent(one.ratio)}`).join('; ') || 'none',
      isRight: changed === undefined ? !isAlarm && named.length === 0 : named.length === 1 && named[0]?.name === changed && named[0]?.verdict === 'slower',
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const rows: Row[] = [];
const add = (row: Row): void => {
  rows.push(row);
  console.error(`${row.isRight ? 'right' : 'WRONG'}  ${row.what}: ${row.whole}; ${row.functions}; noise ${row.noise}`);
};
for (let at = 0; at < selfChecks; at++) add(measure('a loop against itself', [loop, loop], undefined));
for (let at = 0; at < injections; at++) {
  const slower = (7 + 13 * at) % FUNCTIONS;
  add(measure(`5 % of the program added to work${slower}, one of ${FUNCTIONS} functions`, [program(-1), program(slower)], `work${slower}`));
}
const table = rows.map(({ what, noise, whole, functions, isRight }) => `| ${what} | ${noise} | ${whole} | ${functions} | ${isRight ? 'right' : 'wrong'} |`);
writeFileSync(
  path.join(root, 'bench', 'soak-measure.md'),
  [
    '# plateau measure on real programs',
    '',
    `Ten pairs each, Node.js ${process.version}, ${os.cpus().length} CPUs, load ${(os.loadavg()[0] ?? 0).toFixed(1)}. \`npm run soak -- measure [A/A] [INJECTIONS]\` makes this table.`,
    'A measurement of a program against itself is right if nothing is said to differ; one of a change if that function alone is named. On a machine this busy a change may be missed, which is then inconclusive.',
    '',
    '| What | Noise | Whole | Functions named | |',
    '|---|--:|---|---|---|',
    ...table,
    '',
  ].join('\n'),
);
process.exit(rows.every(({ isRight }) => isRight) ? 0 : 1);
