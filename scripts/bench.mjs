// Speed and memory against yardsticks in the same run: `npm run bench [NAME…]`.
// Inputs are made here; the table goes to bench/results.md. Ratios are what counts,
// milliseconds are of the machine that ran it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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

/** Wall time (ms) and peak memory (MB) of a whole process. */
function measure(args, options = {}) {
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
    }, 5);
    child.once('exit', (code) => {
      clearInterval(watch);
      if (code !== 0) reject(new Error(`${args.join(' ')} exited with ${code}\n${stderr}`));
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
  const profile = path.join(inputs, 'tsc.cpuprofile');
  if (!existsSync(profile)) {
    say('Profiling a TypeScript compile for the input…');
    const tsc = path.join(root, 'node_modules/typescript/lib/_tsc.js');
    const args = [
      '--cpu-prof',
      '--cpu-prof-interval',
      '50',
      '--cpu-prof-dir',
      inputs,
      '--cpu-prof-name',
      'tsc.cpuprofile',
      tsc,
      '--noEmit',
      '--skipLibCheck',
      'false',
      '--lib',
      'es2023,dom',
      '-p',
      'src/server',
    ];
    const result = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    if (!existsSync(profile)) throw new Error(result.stdout + result.stderr);
  }
  const size = (statSync(profile).size / 1e6).toFixed(0);
  const parser = path.join(inputs, 'parse.cjs');
  writeFileSync(parser, "JSON.parse(require('node:fs').readFileSync(process.argv[2], 'utf8'));\n");
  await compare(
    `analyze --json of a ${size} MB profile, whole process`,
    'a process that reads and JSON.parses it',
    () => measure(['dist/cli.cjs', 'analyze', profile, '--json']),
    () => measure([parser, profile]),
  );
}

if (wants('editor')) {
  const { runEditorBench } = await import('./bench-editor.mjs');
  rows.push(...(await runEditorBench(inputs, median)));
}

const cpu = os.cpus()[0]?.model ?? 'unknown';
const lines = [
  '# Benchmarks',
  '',
  `Node.js ${process.version}, ${os.cpus().length} × ${cpu}, ${process.platform}. \`npm run bench\` makes this table; sides run in turns, medians, the ratio is the median of pairs.`,
  '',
  '| What | Time | Yardstick | Its time | Ratio | Peak memory | Its |',
  '|---|--:|---|--:|--:|--:|--:|',
  ...rows.map(
    ({ name, ms, yardstick, yardstickMs, ratio, mb, yardstickMb }) =>
      `| ${name} | ${ms.toFixed(0)} ms | ${yardstick} | ${yardstickMs ? `${yardstickMs.toFixed(0)} ms` : ''} | ${ratio ? ratio.toFixed(2) : ''} | ${mb ? `${mb.toFixed(0)} MB` : ''} | ${yardstickMb ? `${yardstickMb.toFixed(0)} MB` : ''} |`,
  ),
  '',
];
if (wanted.length === 0) {
  mkdirSync(path.join(root, 'bench'), { recursive: true });
  writeFileSync(path.join(root, 'bench', 'results.md'), lines.join('\n'));
}
console.log(lines.join('\n'));
rmSync(path.join(inputs, 'reference.cpuprofile'), { force: true });
