// What the statistics of a measured change can see: `npm run power` writes the tables of docs/statistics.md.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { root, say } from './setup.mjs';

const folder = mkdtempSync(path.join(os.tmpdir(), 'plateau-power-'));
const outfile = path.join(folder, 'simulated-runs.mjs');
await esbuild.build({ absWorkingDir: root, entryPoints: ['test/support/simulated-runs.ts'], bundle: true, platform: 'node', format: 'esm', outfile });
const { simulate } = await import(pathToFileURL(outfile).href);
rmSync(folder, { recursive: true });

const ROUNDS = 2000;
const base = { pairs: 10, noise: 0.05, drift: 0.04, change: 0, functions: 0, order: 'interleaved', rounds: ROUNDS, seed: 1 };
const percent = (share) => `${(share * 100).toFixed(1)} %`;
const row = (cells) => `| ${cells.join(' | ')} |`;

const lines = ['### False alarms', '', row(['Runs', 'Alarms']), row(['---', '--:'])];
for (const [name, own] of [
  ['10 pairs, the whole', {}],
  ['10 pairs, the whole and 20 functions', { functions: 20 }],
  ['6 pairs, the whole', { pairs: 6 }],
  ['20 pairs, the whole and 20 functions', { pairs: 20, functions: 20 }],
  ['for scale: 10 runs of one side, then 10 of the other', { order: 'sequential' }],
]) {
  lines.push(row([name, percent(simulate({ ...base, ...own }).alarms)]));
  say(lines.at(-1));
}
lines.push('', '### How often a change is found', '');
lines.push(row(['Change', 'Noise', 'Whole, 10 pairs', 'Whole, 20 pairs', 'One of 20 functions, 10 pairs']), row(['--:', '--:', '--:', '--:', '--:']));
for (const change of [0.03, 0.05, 0.1, 0.2])
  for (const noise of [0.01, 0.02, 0.05]) {
    const own = { ...base, change, noise };
    const whole = [10, 20].map((pairs) => percent(simulate({ ...own, pairs }).slower));
    const { named } = simulate({ ...own, functions: 20 });
    lines.push(row([percent(change), percent(noise), ...whole, percent(named)]));
    say(lines.at(-1));
  }
const page = path.join(root, 'docs', 'statistics.md');
const [before, , after] = readFileSync(page, 'utf8').split(/<!-- power:(?:begin|end) -->/);
writeFileSync(page, `${before}<!-- power:begin -->\n${lines.join('\n')}\n<!-- power:end -->${after}`);
