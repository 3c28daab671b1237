// What a recording costs the program: each round runs every program plain, with
// `node --cpu-prof`, and under `plateau record`, one after the other in changing order.
//
//     node bench/recorder-price.mjs [ROUNDS] [NODE]
//
// Programs tell how long their own work took, so that the start and end of the recorder do
// not count; those are the last two rows. Give it an idle machine.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const rounds = Number(process.argv[2] ?? 9);
const node = process.argv[3] ?? process.execPath;
const cli = path.resolve(import.meta.dirname, '../dist/cli.cjs');
const folder = mkdtempSync(path.join(os.tmpdir(), 'plateau price '));

const CHILDREN = 50;
const programs = {
  computing: `function hot(n) { let sum = 0; for (let i = 0; i < n; i++) sum += Math.sqrt(i) * Math.sin(i); return sum; }
    let sum = 0; for (let i = 0; i < 1500; i++) sum += hot(20000);`,
  'many small functions': `const fs = Array.from({ length: 200 }, (_, i) => new Function('x', 'return x * ' + i + ' + ' + i));
    let x = 0; for (let i = 0; i < 15e6; i++) x = fs[i % 200](x) % 1000;`,
  awaiting: `const step = async (x) => x + 1; let n = 0; for (let i = 0; i < 4e6; i++) n = await step(n);`,
  '50 short children': `const { spawnSync } = await import('node:child_process'); for (let i = 0; i < ${CHILDREN}; i++) spawnSync(process.execPath, ['-e', '0']);`,
};

const run = (command, args) => {
  const start = performance.now();
  const { stdout, stderr, status } = spawnSync(command, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${status}\n${stderr}`);
  const own = /^work ([\d.]+)$/m.exec(stdout)?.[1];
  return own === undefined ? performance.now() - start : Number(own);
};
const ways = {
  plain: (args) => run(node, args),
  '--cpu-prof': (args) => run(node, ['--cpu-prof', '--cpu-prof-dir=prof', ...args]),
  plateau: (args) => run(process.execPath, [cli, 'record', '--force', '--out', 'p.cpuprofile', '--', node, ...args]),
};

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const rows = [];
try {
  for (const [name, source] of Object.entries(programs)) {
    writeFileSync(path.join(folder, 'a.mjs'), `const start = performance.now();\n${source}\nconsole.log('work ' + (performance.now() - start));\n`);
    rows.push([name, measure(['a.mjs'])]);
  }
  rows.push(['start and end: node -e 0', measure(['-e', '0'])]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

console.log(
  `Node.js ${spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()}, ${os.cpus().length} CPUs, load ${os.loadavg()[0].toFixed(1)}, ${rounds} rounds; milliseconds (medians), and the median of the ratios of a round\n`,
);
console.log('| program | plain | --cpu-prof | plateau | --cpu-prof / plain | plateau / plain | plateau − plain |');
console.log('|---|---:|---:|---:|---:|---:|---:|');
/** The start and end of the recorder itself, which every launch has once. */
const once = median(rows.at(-1)[1].plateau.map((ms, i) => ms - rows.at(-1)[1].plain[i]));
for (const [name, measured] of rows) {
  const ratio = (way) => median(measured[way].map((ms, i) => ms / measured.plain[i])).toFixed(2);
  const difference = median(measured.plateau.map((ms, i) => ms - measured.plain[i]));
  const each = name.includes('children') ? ` (${((difference - once) / CHILDREN).toFixed(1)} each, without the start and end)` : '';
  const [plain, prof, plateau] = Object.keys(ways).map((way) => median(measured[way]).toFixed(0));
  console.log(`| ${name} | ${plain} | ${prof} | ${plateau} | ${ratio('--cpu-prof')} | ${ratio('plateau')} | ${difference.toFixed(0)}${each} |`);
}

function measure(args) {
  const measured = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
  for (let round = 0; round < rounds; round++) {
    const order = Object.keys(ways);
    for (let i = 0; i < round % order.length; i++) order.push(order.shift());
    for (const way of order) measured[way].push(ways[way](args));
  }
  return measured;
}
