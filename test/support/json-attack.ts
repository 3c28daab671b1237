/**
 * Every kind of JSON that is read, damaged in many ways, through what reads it. The unit tests try
 * some hundred; who has the time can try any number: the seed tells the case.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { checkRule } from '../../src/core/findings/patterns/check-rule';
import { readHeapState } from '../../src/protocol/heap-webview';
import { readViewState } from '../../src/protocol/view-state';
import { readSettings } from '../../src/server/settings';
import { describeDoctorIssue, readDoctorReport } from '../../src/service/doctor/read-doctor';
import { parseStates } from '../../src/service/findings/finding-states';
import { readLengths } from '../../src/service/hunt/hunt-lengths';
import { parseRules } from '../../src/service/patterns/parse-rules';
import { readScriptTable } from '../../src/service/profile/script-table';
import { listRecordings, readInfo } from '../../src/service/recordings/recordings';
import { describeSidecarIssue } from '../../src/service/recordings/sidecar';
import { recipeText, recipeTitle } from '../../src/shared/recipe';
import { mutations } from './mutate-json';
import { root } from './run';

export const recipes: readonly object[] = [
  { kind: 'file', file: '/a/x.js', args: ['--n', '3'], env: { A: '1' }, cwd: '/a' },
  { kind: 'program', command: 'node', args: ['x.js'], cwd: '/a' },
  { kind: 'script', script: 'start', cwd: '/a' },
  { kind: 'command', command: 'node x.js', cwd: '/a' },
  {
    kind: 'loop',
    file: '/a/x.js',
    exported: { name: 'C', method: { name: 'f', isStatic: false, isGetter: false } },
    args: '1',
    constructorArgs: '',
    warmupMs: 1,
    durationMs: 2,
    cwd: '/a',
  },
  { kind: 'attach', address: '127.0.0.1:9229' },
  { kind: 'process', pid: 7, command: 'node x.js' },
];

const thread = (file: string, threadId: number): object => ({
  ...{ file, pid: 5, ppid: 1, threadId, name: `t${threadId}`, argv: ['node'], node: 'v22.0.0' },
  ...{ startTime: 0, endTime: 5000, active: 5000, waiting: 0, samples: 5 },
});

/** A sidecar with everything that may stand in one. */
export const sidecar = (at = 0): object => ({
  version: 1,
  title: 'run',
  recordedAt: '2026-01-01T00:00:00Z',
  recipe: recipes[at % recipes.length],
  focus: { file: '/a/x.js', name: 'f', line: 1, column: 1 },
  node: 'v22.0.0',
  pid: 5,
  commit: 'abcdef0',
  isDirty: true,
  interval: 1000,
  exit: { code: 1, signal: null },
  headline: { duration: 5000, active: 5000, samples: 5, top: { name: 'f', selfShare: 0.5 } },
  loop: { calls: 9, perCall: { mean: 1, low: null, high: 2 }, rate: { mean: 1, low: 1, high: null } },
  otherProcesses: 1,
  workers: 1,
  threads: [thread('run.cpuprofile', 0), thread('run.t2.cpuprofile', 1)],
  sources: { '/a/x.js': ['aa', 'bb'] },
});

const heapSidecar = {
  version: 1,
  heap: 'snapshot',
  title: 'heap',
  recordedAt: '2026-01-01T00:00:00Z',
  recipe: recipes[0],
  node: 'v22.0.0',
  pid: 5,
  bytes: 100,
  pauseMs: 3,
  otherProcesses: 0,
  thread: { threadId: 0, name: 'x' },
  others: [{ pid: 5, threadId: 1, name: 'w', bytes: 3 }],
};

const doctor = {
  schema: 'plateau/doctor/1',
  title: 'x',
  recordedAt: '2026-01-01T00:00:00Z',
  profile: 'run.cpuprofile',
  diagnosis: {
    turns: [{ id: 'a', question: 'q', figures: [{ label: 'l', value: 'v', amount: 1, unit: 'share' }], answers: [{ label: 'a', isTaken: true }], reason: 'r' }],
    verdict: {
      branch: 'cpu-hot',
      area: 'CPU',
      level: 'warning',
      title: 't',
      summary: 's',
      advice: 'a',
      next: 'flame',
      blame: { kind: 'function', func: 1, through: [2] },
    },
  },
  place: { file: '/a/x.js', line: 1, name: 'f', func: 1 },
  pattern: { rule: 'r', title: 't', summary: 's', advice: 'a', file: '/a/x.js', line: 1 },
  notes: ['n'],
  processes: [{ pid: 1, command: 'node x.js', cpu: 5 }],
};

const states = { version: 1, findings: { 'plateau:f@x.js': { status: 'done', at: '2026-01-01T00:00:00Z', title: 'x' } } };
const rule = {
  id: 'my-rule',
  languages: ['javascript'],
  message: 'It is slow.',
  gate: { minSelfPct: 1 },
  ast: { any: [{ pattern: 'slow($X)' }, { pattern: 'slower($X)' }] },
  where: [{ is: 'in-loop', node: '$X' }],
};
const view = {
  ...{ view: 'flame', transforms: [{ kind: 'focus-node', path: [1] }], range: { from: 0, to: 1 }, path: [1], zoom: [1], selected: 1 },
  ...{
    search: 'x',
    widths: { self: 99 },
    colouring: 'heat',
    table: 'functions',
    sortBy: 'self',
    open: { classes: ['a'] },
    classSort: { sortBy: 'retained', isRising: true },
  },
};

interface Kind {
  readonly name: string;
  /** What a sound one holds. */
  readonly value: object;
  /** Throws where it should not. */
  read(text: string): unknown;
}

function kinds(folder: string): Kind[] {
  const at = (name: string): string => path.join(folder, name);
  const written = (name: string, text: string): string => {
    fs.writeFileSync(at(name), text);
    return at(name);
  };
  const parsed = (text: string): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  };
  return [
    ...recipes.map(
      (_, i): Kind => ({
        name: `sidecar ${i}`,
        value: sidecar(i),
        async read(text) {
          written('run.plateau.json', text);
          const rows = await listRecordings(folder);
          const names = rows.map(({ file }) => path.basename(file));
          if (!names.includes('run.cpuprofile') || !names.includes('sound.cpuprofile')) throw new Error(`the list is ${names.join()}`);
          const row = rows.find(({ file }) => file === at('run.cpuprofile'));
          if (!row?.info && !row?.issue) throw new Error('neither read nor told');
          if (row.issue && !describeSidecarIssue(row.issue).startsWith('run.plateau.json is not readable: ')) throw new Error('told wrongly');
          if (rows.find(({ file }) => file === at('sound.cpuprofile'))?.info === undefined) throw new Error('another one is lost');
          const info = await readInfo(at('run.t2.cpuprofile'));
          if (info) recipeText(info.recipe) + recipeTitle(info.recipe);
        },
      }),
    ),
    {
      name: 'heap sidecar',
      value: heapSidecar,
      async read(text) {
        written('heap.plateau.json', text);
        const row = (await listRecordings(folder)).find(({ file }) => file === at('heap.heapsnapshot'));
        if (!row || (!row.heap && !row.info && !row.issue)) throw new Error('neither read nor told');
      },
    },
    {
      name: 'doctor report',
      value: doctor,
      async read(text) {
        const file = written('x.doctor.json', text);
        const report = await readDoctorReport(file);
        if (report.ok) JSON.stringify(report.value);
        else describeDoctorIssue(file, report.error);
      },
    },
    { name: 'states', value: states, read: (text) => parseStates(text, 'findings.json') },
    { name: 'rules', value: rule, read: (text) => parseRules(text, 'x.yml') },
    { name: 'a rule', value: rule, read: (text) => checkRule(parsed(text) as never) },
    { name: 'scripts', value: [{ scriptId: 1, url: 'a', sourceMapUrl: '' }], read: (text) => readScriptTable(written('x.scripts.json', text)) },
    { name: 'lengths', value: [[1, 2, 3, 4]], read: (text) => readLengths(path.join(path.dirname(written('x.lengths.json', text)), 'x.heapsnapshot')) },
    { name: 'view', value: view, read: (text) => JSON.stringify(readViewState(parsed(text))) },
    { name: 'heap view', value: view, read: (text) => JSON.stringify(readHeapState(parsed(text))) },
    {
      name: 'settings',
      value: { thresholds: { idle: 90 }, ignoredRules: ['x'], lineThreshold: 1 },
      read: (text) => JSON.stringify(readSettings(parsed(text))),
    },
  ];
}

/** What reads a sound profile in a folder needs: `profile` is its text. */
export function prepareAttack(folder: string, profile: string): void {
  const write = (name: string, text: string): void => fs.writeFileSync(path.join(folder, name), text);
  for (const name of ['run.cpuprofile', 'run.t2.cpuprofile', 'sound.cpuprofile']) write(name, profile);
  write('sound.plateau.json', JSON.stringify({ ...sidecar(1), threads: undefined }));
  write('heap.heapsnapshot', '{}');
  fs.mkdirSync(path.join(folder, '.plateau', 'rules'), { recursive: true });
}

/** Damages each kind so often and gives it to what reads it. Gives a sentence for each that threw; `count` is of each kind. */
export async function attackReaders(folder: string, count: number, seed: number): Promise<string[]> {
  const failures: string[] = [];
  for (const { name, value, read } of kinds(folder)) {
    let at = 0;
    for (const text of mutations(value, count, seed)) {
      at++;
      try {
        await read(text);
      } catch (error) {
        failures.push(`${name}, case ${at} of seed ${seed}: ${error instanceof Error ? error.stack?.slice(0, 300) : String(error)}: ${text.slice(0, 300)}`);
      }
      if (({} as { polluted?: unknown }).polluted !== undefined) failures.push(`${name}, case ${at} of seed ${seed}: polluted every object`);
    }
  }
  return failures;
}

/** The same through the commands of the built command line, all in one process; `count` is of each command. */
export async function attackCommands(folder: string, count: number, seed: number): Promise<{ readonly run: number; readonly failures: string[] }> {
  const jobs: object[] = [];
  const add = (command: string, args: readonly string[], file: string, value: object): void => {
    let at = 0;
    for (const text of mutations(value, count, seed)) {
      jobs.push({
        name: `${command} ${args.join(' ')}, case ${++at} of seed ${seed} in ${file}: ${text.slice(0, 200)}`,
        files: { [file]: text },
        command,
        args,
      });
    }
    jobs.push({ name: 'sound', files: { [file]: JSON.stringify(value) }, command, args });
  };
  add('analyze', ['run.cpuprofile', '--json'], 'run.plateau.json', sidecar(0));
  add('analyze', ['run.t2.cpuprofile', '--thread', '2'], 'run.plateau.json', sidecar(4));
  add('export', ['run.cpuprofile', '--to', 'markdown'], 'run.plateau.json', sidecar(2));
  add('export', ['run.cpuprofile', '--to', 'html'], 'run.plateau.json', sidecar(3));
  add('analyze', ['sound.cpuprofile', '--sarif', '-'], path.join('.plateau', 'findings.json'), states);
  add('rules', ['test'], path.join('.plateau', 'rules', 'x.yml'), rule);
  add('analyze', ['sound.cpuprofile'], path.join('.plateau', 'rules', 'x.yml'), rule);
  const file = path.join(folder, 'jobs.jsonl');
  fs.writeFileSync(file, jobs.map((job) => `${JSON.stringify(job)}\n`).join(''));
  const child = spawn(process.execPath, [path.join(root, 'test/support/attack-commands.cjs'), path.join(root, 'dist'), file], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let told = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      told += chunk;
    });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const lines = told.split('\n').filter((line) => line !== '');
  const run = Number(/^(\d+) run$/.exec(lines.at(-1) ?? '')?.[1] ?? Number.NaN);
  return { run, failures: run === jobs.length && code === 0 ? lines.slice(0, -1) : [...lines, `ended with ${code} after ${run} of ${jobs.length}`] };
}
