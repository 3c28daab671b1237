/**
 * `npm run soak -- tools [NODE] [NAME]`: real tools, plain, under `node --cpu-prof` and recorded.
 * They are installed once into the folder of the test tools' cache; a table goes to bench/soak-tools.md.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type KeptThread, keptIn } from '../support/recorded';
import { cli, nodes, root } from '../support/run';
import { packages, type Tool, tools } from './tools';

interface Row {
  readonly tool: string;
  readonly isSame: boolean;
  readonly exit: string;
  readonly threads: number;
  /** Self time of `planted` in the threads that have it, and in the files of --cpu-prof (ms). */
  readonly planted: readonly number[];
  readonly byNode: readonly number[] | undefined;
  /** Whether it is the first function of the thread that has most of it. */
  readonly isFirst: boolean;
  readonly seconds: readonly [plain: number, recorded: number];
}

const node = process.argv[2] || (nodes().at(-1)?.path ?? process.execPath);
const only = process.argv[3] ?? '';
const cache = path.join(process.env.PLATEAU_CACHE ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'plateau-dev'), 'soak-tools');

function install(): void {
  if (fs.existsSync(path.join(cache, 'node_modules', 'next'))) return;
  fs.mkdirSync(cache, { recursive: true });
  fs.writeFileSync(path.join(cache, 'package.json'), '{"name":"soak-tools","private":true}');
  const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', ...packages], { cwd: cache, stdio: 'inherit' });
  if (status !== 0) throw new Error('the tools could not be installed');
}

function fill(folder: string, { files }: Tool): void {
  fs.rmSync(folder, { recursive: true, force: true });
  for (const [name, text] of Object.entries({ 'package.json': '{}', ...files })) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
}

function run(folder: string, command: readonly string[], env: Record<string, string> = {}): { output: string; status: string; seconds: number } {
  const bin = path.join(cache, 'bin');
  fs.mkdirSync(bin, { recursive: true });
  fs.rmSync(path.join(bin, 'node'), { force: true });
  fs.symlinkSync(node, path.join(bin, 'node'));
  const all = {
    ...process.env,
    NODE_OPTIONS: '',
    NO_COLOR: '1',
    CI: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    NEXT_TELEMETRY_DISABLED: '1',
    PATH: `${bin}:${process.env.PATH}`,
    ...env,
  };
  const start = performance.now();
  const { stdout, stderr, status, signal } = spawnSync(command[0] as string, command.slice(1), {
    cwd: folder,
    env: all,
    encoding: 'utf8',
    timeout: 240_000,
    maxBuffer: 1 << 28,
  });
  return { output: `${stdout}\n${stderr}`, status: String(signal ?? status), seconds: (performance.now() - start) / 1000 };
}

/** Lines without times and sizes; of those that work side by side the order is never the same. */
const lines = (output: string): string =>
  output
    .replace(/\b\d+(?:\.\d+)? ?(?:ms|s|min|kB|KiB|MiB|bytes)\b/g, 'T')
    .replace(/\b\d\d:\d\d:\d\d\b|duration_ms \S+|\bworker \d+\b|\(node:\d+\)/g, 'T')
    .split('\n')
    .map((line) => line.trim().replace(/\s+/g, ' '))
    .filter((line) => line !== '' && !/^(?:Duration|Start at|Time:|Tests? run)/.test(line))
    .sort()
    .join('\n');

function selfByNode(folder: string): number[] {
  const sums: number[] = [];
  for (const name of fs.existsSync(folder) ? fs.readdirSync(folder) : []) {
    const profile = JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')) as {
      nodes: { id: number; callFrame: { functionName: string } }[];
      samples: number[];
      timeDeltas: number[];
    };
    const ids = new Set(profile.nodes.filter(({ callFrame }) => callFrame.functionName === 'planted').map(({ id }) => id));
    // As everywhere, a sample counts until the next one.
    const sum = profile.samples.reduce((total, id, i) => total + (ids.has(id) ? (profile.timeDeltas[i + 1] ?? 0) : 0), 0) / 1000;
    if (sum > 0) sums.push(Math.round(sum));
  }
  return sums.sort((a, b) => b - a);
}

function measure(tool: Tool): Row {
  const folder = path.join(cache, tool.name.replace(/\W+/g, '-'));
  fill(folder, tool);
  run(folder, tool.command); // what is written once, as caches
  fill(folder, tool);
  const plain = run(folder, tool.command);
  const prof = path.join(folder, 'prof');
  fill(folder, tool);
  const isAble = Number.parseInt(spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout, 10) >= 22;
  if (isAble && tool.planted > 0) run(folder, tool.command, { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${prof}` });
  const byNode = isAble && tool.planted > 0 ? selfByNode(prof) : undefined;
  fill(folder, tool);
  const out = path.join(os.tmpdir(), `plateau-soak-tool-${process.pid}.cpuprofile`);
  const started = run(folder, [process.execPath, cli, 'record', '--force', '--out', out, '--', ...tool.command]);
  const at = started.output.lastIndexOf(`${out}\n`);
  const said =
    /^(?:plateau: |The program ended with|That is \S|\d+ (?:process|thread)\S* (?:died|ended)|\S+ m?s recorded|\d[\d,.]* \S+ recorded| {2}(?:error|warning|hint|info)| {2}\S+: |thread )/;
  const kept = at < 0 ? { threads: [], exit: undefined } : keptIn(out);
  const own = started.output
    .replace(`${out}\n`, '')
    .split('\n')
    .filter((line) => !said.test(line))
    .join('\n');
  const isSame = lines(plain.output) === lines(own);
  if (!isSame) fs.writeFileSync(path.join(cache, `${path.basename(folder)}.diff.txt`), `${lines(plain.output)}\n=====\n${lines(own)}\n`);
  const exit = kept.exit ? String(kept.exit.signal ?? kept.exit.code) : 'nothing kept';
  const planted = kept.threads.map(({ self }) => Math.round(self.get('planted') ?? 0)).filter((ms) => ms > 0);
  const most = ({ self }: KeptThread): number => self.get('planted') ?? 0;
  const [first] = [...kept.threads].sort((a, b) => most(b) - most(a));
  const top = first && [...first.self].filter(([name]) => !/^\((?:idle|program|garbage collector)\)$/.test(name)).sort((a, b) => b[1] - a[1])[0]?.[0];
  for (const name of fs.readdirSync(os.tmpdir())) if (name.startsWith(`plateau-soak-tool-${process.pid}`)) fs.rmSync(path.join(os.tmpdir(), name));
  return {
    tool: tool.name,
    isSame,
    exit: `${plain.status} / ${exit}`,
    threads: kept.threads.length,
    planted: planted.sort((a, b) => b - a),
    byNode,
    isFirst: top === 'planted',
    seconds: [plain.seconds, started.seconds],
  };
}

function main(): void {
  install();
  const rows: Row[] = [];
  for (const tool of tools.filter(({ name }) => name.includes(only))) {
    const row = measure(tool);
    rows.push(row);
    console.log(JSON.stringify(row));
  }
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  const text = [
    '# Tools',
    '',
    `Real tools, plain and recorded, Node.js ${version}; \`npm run soak -- tools\` makes this file. "Same" is their output but for times and the order of lines. Self time of a planted function is in milliseconds, by thread; each place computes as long by the clock.`,
    '',
    '| tool | same output | exit plain / recorded | threads | planted, recorded | planted, node --cpu-prof | first | plain | recorded |',
    '|---|---|---|--:|---|---|---|--:|--:|',
    ...rows.map(
      ({ tool, isSame, exit, threads, planted, byNode, isFirst, seconds }) =>
        `| ${tool} | ${isSame ? 'yes' : 'no'} | ${exit} | ${threads} | ${planted.join(', ')} | ${byNode?.join(', ') ?? ''} | ${planted.length === 0 ? '' : isFirst ? 'yes' : 'no'} | ${seconds[0].toFixed(1)} s | ${seconds[1].toFixed(1)} s |`,
    ),
    '',
  ];
  if (only === '') fs.writeFileSync(path.join(root, 'bench', 'soak-tools.md'), text.join('\n'));
}

main();
