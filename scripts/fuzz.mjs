// Damaged profiles by the million: `npm run fuzz [heap] [CASES]`, 1,000,000 unless told; with heap, heap snapshots.
// Batches run in processes of their own, so that a hang or a crash is a case that failed.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { root, say } from './setup.mjs';

const isHeap = process.argv[2] === 'heap';
const cases = Number(process.argv[isHeap ? 3 : 2] ?? 1_000_000);
const BATCH = 10_000;
const MOST_SECONDS = 300;
const MOST_MEGABYTES = 1000;
const workers = Math.max(1, Number(process.env.FUZZ_WORKERS ?? os.availableParallelism()));

const folder = mkdtempSync(path.join(os.tmpdir(), 'plateau-fuzz-'));
const bundle = async (name) => {
  const outfile = path.join(folder, `${name}.mjs`);
  await esbuild.build({ absWorkingDir: root, entryPoints: [`test/support/${name}.ts`], bundle: true, platform: 'node', format: 'esm', outfile });
  return outfile;
};
const batchFile = await bundle(isHeap ? 'heap-fuzz-batch' : 'fuzz-batch');
if (!isHeap) (await import(await bundle('damage'))).recordSmall(folder);
const profile = path.join(folder, 'real.cpuprofile');

let next = 0;
let done = 0;
let opened = 0;
let megabytes = 0;
const failures = [];
const started = Date.now();
await Promise.all(
  Array.from({ length: workers }, async () => {
    while (next < cases) {
      const first = next;
      const count = Math.min(BATCH, cases - first);
      next += count;
      await runBatch(first, count);
      done += count;
      if ((done / BATCH) % 10 < 1) say(`${done} of ${cases}, ${failures.length} failed, ${Math.round((Date.now() - started) / 1000)} s`);
    }
  }),
);
const seconds = Math.round((Date.now() - started) / 1000);
console.log(`${cases} cases, ${opened} opened, ${failures.length} failed, at most ${megabytes.toFixed(0)} MB, ${seconds} s`);
// A seed means something only with the profile that it damages.
if (failures.length > 0) console.log(`The profile: ${profile}`);
else rmSync(folder, { recursive: true, force: true });
for (const failure of failures.slice(0, 20)) console.log(failure);
process.exit(failures.length > 0 ? 1 : 0);

function runBatch(first, count) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [batchFile, profile, String(first), String(count)], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    let isLate = false;
    child.stdout.on('data', (text) => {
      stdout += text;
    });
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    const clock = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, MOST_SECONDS * 1000);
    child.once('close', (code) => {
      clearTimeout(clock);
      const range = `seeds ${first} to ${first + count - 1}`;
      if (isLate) failures.push(`${range}: not ended after ${MOST_SECONDS} s`);
      else if (code !== 0) failures.push(`${range}: exit code ${code} ${stderr.slice(-500)}`);
      const rows = stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
      for (const row of rows) {
        if (row.sentences) failures.push(...row.sentences);
        opened += row.opened ?? 0;
        megabytes = Math.max(megabytes, row.megabytes ?? 0);
      }
      if (rows.some((row) => row.megabytes > MOST_MEGABYTES)) failures.push(`${range}: more than ${MOST_MEGABYTES} MB`);
      resolve();
    });
  });
}
