// Speed and memory against yardsticks in the same run: `npm run bench [NAME…]`.
// Inputs are made here; the table goes to bench/results.md. Ratios are what counts,
// milliseconds are of the machine that ran it.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build, cacheFolder, ensureDependencies, root, say } from './setup.mjs';

ensureDependencies();
await build({ minify: true }); // as the VSIX has it
const wanted = process.argv.slice(2);
const wants = (name) => wanted.length === 0 || wanted.includes(name);
const inputs = path.join(cacheFolder(), 'bench');
mkdirSync(inputs, { recursive: true });
const rows = [];

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Wall time (ms) and peak memory (MB) of a whole process, which ends with the exit code `fine`. */
function measure(args, { fine = 0, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'], cwd: root, ...options });
    let stderr = '';
    let peak = 0;
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const watch = setInterval(() => {
      try {
        peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1000);
      } catch {
        // Not Linux, or it has ended.
      }
    }, 25); // a high-water mark: to look more often takes time from the threads of what is measured
    child.once('exit', (code) => {
      clearInterval(watch);
      if (code !== fine) reject(new Error(`${args.join(' ')} exited with ${code}\n${stderr}`));
      else resolve({ ms: performance.now() - started, mb: peak });
    });
  });
}

/** Runs the two sides in turns, ABBA, so that drift falls on both. */
async function compare(name, yardstick, ours, theirs, { runs = 7, note = '' } = {}) {
  const a = [];
  const b = [];
  await ours();
  await theirs();
  for (let i = 0; i < runs; i++) {
    if (i % 2 === 0) {
      a.push(await ours());
      b.push(await theirs());
    } else {
      b.push(await theirs());
      a.push(await ours());
    }
  }
  const ratio = median(a.map((one, i) => one.ms / b[i].ms));
  const row = {
    name,
    yardstick,
    ms: median(a.map(({ ms }) => ms)),
    yardstickMs: median(b.map(({ ms }) => ms)),
    ratio,
    mb: median(a.map(({ mb }) => mb ?? 0)),
    yardstickMb: median(b.map(({ mb }) => mb ?? 0)),
    note,
  };
  rows.push(row);
  say(`${name}: ${row.ms.toFixed(0)} ms, ${ratio.toFixed(2)} of ${yardstick} (${row.yardstickMs.toFixed(0)} ms)`);
}

const burner = path.join(inputs, 'work.cjs');
writeFileSync(
  burner,
  `const terser = require(${JSON.stringify(path.join(root, 'node_modules/terser'))});
const text = require('node:fs').readFileSync(${JSON.stringify(path.join(root, 'node_modules/d3/dist/d3.js'))}, 'utf8');
const started = process.hrtime.bigint();
terser.minify(text).then(() => { require('node:fs').writeFileSync(process.env.BENCH_OUT, String(Number(process.hrtime.bigint() - started) / 1e6)); });
`,
);

if (wants('recording')) {
  // What a recording costs the target: the time of its own work, measured within it.
  const out = path.join(inputs, 'target-ms');
  const inTarget = async (args) => {
    await measure(args, { env: { ...process.env, BENCH_OUT: out } });
    return { ms: Number(readFileSync(out, 'utf8')) };
  };
  const profile = path.join(inputs, 'overhead.cpuprofile');
  await compare(
    'Recording: time of the target (terser, 1 ms)',
    'node --cpu-prof',
    () => inTarget(['dist/cli.cjs', 'record', '--force', '--out', profile, '--', 'node', burner]),
    () => inTarget(['--cpu-prof', '--cpu-prof-interval', '1000', '--cpu-prof-dir', inputs, '--cpu-prof-name', 'reference.cpuprofile', burner]),
    { runs: 10 },
  );
  await compare(
    'node --cpu-prof, for scale',
    'no profiler',
    () => inTarget(['--cpu-prof', '--cpu-prof-interval', '1000', '--cpu-prof-dir', inputs, '--cpu-prof-name', 'reference.cpuprofile', burner]),
    () => inTarget([burner]),
  );
}

if (wants('reading')) {
  const { runReadingBench } = await import('./bench-reading.mjs');
  rows.push(...(await runReadingBench(inputs, { measure, compare, median })));
}

if (wants('heap')) {
  const { runHeapBench } = await import('./bench-heap.mjs');
  rows.push(...(await runHeapBench(inputs, { measure, compare, median })));
}

if (wants('editor')) {
  const { runEditorBench } = await import('./bench-editor.mjs');
  rows.push(...(await runEditorBench(inputs, median)));
}

if (wants('views')) {
  const { runViewsBench } = await import('./bench-views.mjs');
  rows.push(...(await runViewsBench(inputs, median)));
}

const cpu = os.cpus()[0]?.model ?? 'unknown';
const results = path.join(root, 'bench', 'results.md');
const inMs = (ms) => `${ms.toFixed(ms < 100 ? 1 : 0)} ms`;
const table = rows.map(
  ({ name, ms, yardstick, yardstickMs, ratio, mb, yardstickMb }) =>
    `| ${name} | ${inMs(ms)} | ${yardstick} | ${yardstickMs ? inMs(yardstickMs) : ''} | ${ratio ? ratio.toFixed(2) : ''} | ${mb ? `${mb.toFixed(0)} MB` : ''} | ${yardstickMb ? `${yardstickMb.toFixed(0)} MB` : ''} |`,
);
// A part that was measured alone takes the place of its old rows.
const nameOf = (line) => line.split(' | ')[0];
const old = existsSync(results)
  ? readFileSync(results, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| ') && !line.startsWith('| What |'))
  : [];
const kept = wanted.length === 0 ? table : old.map((line) => table.find((one) => nameOf(one) === nameOf(line)) ?? line);
const lines = [
  '# Benchmarks',
  '',
  `Node.js ${process.version}, ${os.cpus().length} × ${cpu}, ${process.platform}. \`npm run bench\` makes this table; sides run in turns, medians, the ratio is the median of pairs.`,
  '',
  '| What | Time | Yardstick | Its time | Ratio | Peak memory | Its |',
  '|---|--:|---|--:|--:|--:|--:|',
  ...kept,
  ...table.filter((line) => !kept.includes(line)),
  '',
];
mkdirSync(path.dirname(results), { recursive: true });
writeFileSync(results, lines.join('\n'));
console.log(lines.join('\n'));
rmSync(path.join(inputs, 'reference.cpuprofile'), { force: true });
