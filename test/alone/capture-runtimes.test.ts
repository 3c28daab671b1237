/** Deno and Bun: they end as without Plateau, are recorded where they can record themselves, and told of where not. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runtimesInFront } from '../../src/capture/environment/runtime-in-front';
import { bunOptions, isDenoFile, withBunOptions, withoutBunOptions } from '../../src/capture/environment/runtime-options';
import { isDenoCommand } from '../../src/capture/records/unreached';
import { profileFile, readRuntimes } from '../../src/capture/session/runtime-results';
import { openSession } from '../../src/capture/session/session';
import { denoCache, emittedFile } from '../../src/service/recording/runtime-lines';
import { targetFiles } from '../../src/service/recording/target-files';
import { readOk } from '../support/raw-profile';
import { recordCommand } from '../support/recorded';
import { type Folder, plateau, root, temporaryFolder } from '../support/run';
import { runtimes } from '../support/runtimes';

const folders: Folder[] = [];
const folder = (files: Record<string, string> = {}): Folder => {
  const made = temporaryFolder(files);
  folders.push(made);
  return made;
};
afterAll(() => {
  for (const one of folders) one.remove();
});

const isPosix = process.platform !== 'win32';
const { bin, deno } = isPosix ? runtimes() : { bin: '', deno: '' };
const run = { env: { PATH: `${bin}${path.delimiter}${process.env.PATH}`, NO_COLOR: '1' } };
/** The planted loop is in lines 8 to 10. */
const HOT = `interface Wanted {
  n: number;
}

function planted(ms: number): number {
  const end = Date.now() + ms;
  for (let sum = 0; ; ) {
    for (let i = 0; i < 200_000; i++) {
      sum += Math.sqrt(i) * Math.sin(i);
    }
    if (Date.now() > end) return sum;
  }
}
const wanted: Wanted = { n: 400 };
console.log(planted(wanted.n) !== 0, typeof globalThis.process?.env.PLATEAU_DENO);
`;

describe.skipIf(!isPosix)('is recorded', () => {
  test.each([
    ['Deno', ['deno', 'run', '-A', 'hot.ts']],
    ['Deno without run', ['deno', '-A', 'hot.ts']],
    ['Deno without permissions', ['deno', '--quiet', 'run', '--allow-env', 'hot.ts']],
    ['Deno by its path', [deno, 'run', '-A', 'hot.ts']],
    ['Deno in a shell', ['sh', '-c', 'NODE_OPTIONS= deno run -A hot.ts']],
    ['Deno in an npm script', ['npm', 'run', '-s', 'deno']],
    ['Deno that Node.js starts by its path', ['node', 'start.cjs', deno, 'run', '-A', 'hot.ts']],
    ['Bun', ['bun', 'hot.ts']],
    ['Bun with run', ['bun', 'run', 'hot.ts']],
    ['Bun in a shell', ['sh', '-c', 'NODE_OPTIONS= bun hot.ts']],
    ['Bun that Node.js starts', ['node', 'start.cjs', 'bun', 'hot.ts']],
  ])('%s', async (_, command) => {
    const made = folder({
      'hot.ts': HOT,
      'start.cjs': `const [, , file, ...args] = process.argv; console.error(process.env.BUN_OPTIONS); require('node:child_process').spawnSync(file, args, { stdio: 'inherit' });`,
      'package.json': JSON.stringify({ private: true, scripts: { deno: 'deno run -A hot.ts' } }),
    });
    const { threads, stdout, stderr } = await recordCommand(made.path, command, { run });
    expect(stdout).toContain('true undefined');
    expect(stderr).not.toMatch(/plateau-\w+\/(?:deno|bun)/);
    expect(Math.max(...threads.map(({ self }) => self.get('planted') ?? 0))).toBeGreaterThan(200);
  });

  test.each(['deno', 'bun'])('%s: the planted function is first, at its line; the lines within are right, or not told', async (runtime) => {
    const made = folder({ 'hot.ts': HOT });
    await recordCommand(made.path, [...(runtime === 'deno' ? ['deno', 'run', '-A'] : ['bun']), 'hot.ts'], { run });
    const profile = JSON.parse(readFileSync(path.join(made.path, 'p.cpuprofile'), 'utf8')) as {
      nodes: { callFrame: { functionName: string; lineNumber: number }; positionTicks?: { line: number; ticks: number }[] }[];
    };
    const nodes = profile.nodes.filter(({ callFrame }) => callFrame.functionName === 'planted');
    expect(nodes.map(({ callFrame }) => callFrame.lineNumber + 1)).toEqual(nodes.map(() => 5));
    const ticks = nodes.flatMap(({ positionTicks = [] }) => positionTicks);
    const inLoop = ticks.filter(({ line }) => line >= 8 && line <= 10).reduce((sum, one) => sum + one.ticks, 0);
    const all = ticks.reduce((sum, one) => sum + one.ticks, 0);
    if (runtime === 'bun') expect(all).toBe(0);
    else {
      expect(all).toBeGreaterThan(50);
      expect(inLoop / all).toBeGreaterThan(0.9);
    }
    expect(readOk(new Uint8Array(readFileSync(path.join(made.path, 'p.cpuprofile')))).tables.nodes.length).toBeGreaterThan(1);
  });

  test('Node.js children and workers of Deno, each with its own', async () => {
    const made = folder({
      'a.ts': `new Deno.Command('node', { args: ['busy.cjs'] }).outputSync();
const worker = new Worker(import.meta.resolve('./w.ts'), { type: 'module' });
worker.onmessage = () => worker.terminate();`,
      'w.ts': 'function inWorker() { for (const end = Date.now() + 300; Date.now() < end; ); }\ninWorker();\npostMessage(1);\n',
      'busy.cjs': 'function inNode() { for (const end = Date.now() + 300; Date.now() < end; ); }\ninNode();\n',
    });
    const { threads } = await recordCommand(made.path, ['deno', 'run', '-A', 'a.ts'], { run });
    expect(threads.length).toBe(3);
    for (const name of ['inWorker', 'inNode']) expect(Math.max(...threads.map(({ self }) => self.get(name) ?? 0))).toBeGreaterThan(150);
  });
});

describe.skipIf(!isPosix)('is told', () => {
  test.each([
    ['deno test', ['deno', 'test', '-A', 'a.test.ts'], [], /deno test has no option that records.*exit code 0/],
    ['deno task', ['deno', 'task', 'go'], [], /deno task starts its own Deno.*plateau record -- deno run FILE/],
    ['bun test', ['bun', 'test', './b.test.ts'], [], /bun test writes no profile/],
    ['Deno that is stopped', ['deno', 'run', '-A', 'wait.ts'], ['--seconds', '1'], /Deno writes it only when the program ends by itself/],
    ['Bun that is stopped', ['bun', 'wait.ts'], ['--seconds', '1'], /Bun writes it only when the program ends by itself/],
  ])('%s', async (_, command, args, sentence) => {
    const made = folder({
      'a.test.ts': `Deno.test('a', () => {});\n`,
      'b.test.ts': `import { test } from 'bun:test';\ntest('a', () => {});\n`,
      'wait.ts': `setInterval(() => {}, 100);\n`,
      'hot.ts': 'console.log(1);\n',
      'deno.json': JSON.stringify({ tasks: { go: 'deno run -A hot.ts' } }),
    });
    const { code, stderr } = await plateau(['record', '--force', '--out', 'p.cpuprofile', ...args, '--', ...command], { ...run, cwd: made.path });
    expect(stderr).toMatch(sentence);
    expect(code).toBe(2);
  });

  test('Bun where temporary files lie in a folder with a space', async () => {
    const made = folder({ 'a.ts': 'console.log(1);\n', 'with space/x': '' });
    const TMPDIR = path.join(made.path, 'with space');
    const { code, stdout, stderr } = await plateau(['record', '--force', '--out', 'p.cpuprofile', '--', 'bun', 'a.ts'], {
      ...run,
      env: { ...run.env, TMPDIR },
      cwd: made.path,
    });
    expect(stdout).toMatch(/^1$/m);
    expect(stderr).toContain(`Bun takes no folder with a space in its path, and temporary files lie in ${TMPDIR}. Set TMPDIR`);
    expect(code).toBe(2);
  });
});

describe.skipIf(!isPosix)('ends as without Plateau', () => {
  test.each([
    ['an exit code', 'ex.ts', undefined],
    ['a signal', 'wait.ts', 'SIGINT'],
    ['another signal', 'wait.ts', 'SIGTERM'],
    ['an error', 'throw.ts', undefined],
  ] as const)('%s', async (_, file, signal) => {
    const made = folder({
      'ex.ts': 'console.log("out"); process.exit(7);\n',
      'wait.ts': 'console.log("out"); setInterval(() => {}, 100);\n',
      'throw.ts': 'console.log("out"); throw new Error("thrown");\n',
    });
    for (const [command, ...args] of [
      ['deno', 'run', '-A', file],
      ['bun', file],
    ] as [string, ...string[]][]) {
      const environment: Record<string, string | undefined> = { ...process.env, ...run.env };
      const plain = await outcome(command, args, made.path, environment, signal);
      const opened = await openSession(targetFiles(path.join(root, 'dist')));
      if (!opened.ok) throw new Error(opened.error.kind);
      const spec = opened.value.prepare({ command, args, shell: false, cwd: made.path, env: {} }, { interval: 1000, checkpoint: 60 }, environment);
      const recorded = await outcome(spec.command, spec.args, made.path, { ...environment, ...spec.env }, signal);
      opened.value.dispose();
      expect(recorded).toEqual(plain);
      expect(plain.stdout).toBe('out\n');
    }
  });
});

function outcome(command: string, args: readonly string[], cwd: string, env: Record<string, string | undefined>, signal: NodeJS.Signals | undefined) {
  return new Promise<{ stdout: string; stderr: string; code: number | null; signal: string | null }>((resolve) => {
    const child = spawn(command, args, { cwd, env });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      if (signal) child.kill(signal);
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.once('close', (code, by) => resolve({ stdout, stderr, code, signal: by }));
  });
}

describe.skipIf(!isPosix)('the script in front of Deno', () => {
  /** A Deno that prints what it is called with; it takes --cpu-prof, or not. */
  const called = (args: readonly string[], takes = true): { words: string[]; session: string } => {
    const made = folder();
    const [session, own, real] = ['session', 'session/bin', 'real'].map((name) => path.join(made.path, name)) as [string, string, string];
    for (const one of [session, own, real]) mkdirSync(one);
    writeFileSync(
      path.join(real, 'deno'),
      `#!/bin/sh\n[ "$1" = --version ] && echo "deno 1.0.0 (x)" && exit\n[ "$*" = "run --cpu-prof --help" ] && exit ${takes ? 0 : 1}\nprintf '%s\\n' "$@"\n`,
    );
    chmodSync(path.join(real, 'deno'), 0o755);
    runtimesInFront({ session, results: session, bin: own }, 500);
    const { stdout, stderr } = spawnSync('deno', args, { encoding: 'utf8', env: { PATH: `${own}:${real}:${process.env.PATH}` } });
    expect(stderr).toBe('');
    return {
      words: stdout
        .split('\n')
        .slice(0, -1)
        .map((word) => word.replace(session, 'S')),
      session,
    };
  };
  const FLAGS = ['--cpu-prof', '--cpu-prof-dir=S/deno', '--cpu-prof-interval=500'];

  test.each([
    [
      ['run', '-A', 'a b.ts', "it's", ''],
      ['run', ...FLAGS, '-A', 'a b.ts', "it's", ''],
    ],
    [
      ['-q', '-L', 'debug', 'serve', 'a.ts'],
      ['-q', '-L', 'debug', 'serve', ...FLAGS, 'a.ts'],
    ],
    [
      ['-A', 'a.ts', 'run'],
      [...FLAGS, '-A', 'a.ts', 'run'],
    ],
    [
      ['run', 'a.ts', '--help'],
      ['run', ...FLAGS, 'a.ts', '--help'],
    ],
  ])('%j gets the options', (args, words) => {
    expect(called(args).words).toEqual(words);
  });

  test.each([[['run', '--cpu-prof', 'a.ts']], [['--version']], [['fmt']], [['task', 'a.b']], [['test']], [['run', '--help']]])(
    '%j is left as it is',
    (args) => {
      expect(called(args).words).toEqual(args[0] === '--version' ? ['deno 1.0.0 (x)'] : args);
    },
  );

  test('a Deno that is too old runs as it is, and is told', () => {
    const { words, session } = called(['run', 'a.ts'], false);
    expect(words).toEqual(['run', 'a.ts']);
    expect(readRuntimes(session).missed).toMatchObject([{ reason: 'too-old', detail: 'deno 1.0.0 (x)', argv: ['deno', 'run', 'a.ts'] }]);
  });
});

test('the names of profiles on which a process is known', () => {
  expect(profileFile('CPU.1795887020233.1377.cpuprofile')).toEqual({ pid: 1377, isWorker: false });
  expect(profileFile('CPU.1795888382757.15221.worker-1.cpuprofile')).toEqual({ pid: 15221, isWorker: true });
  expect(profileFile('CPU.20261128.173021.1407.0.001.cpuprofile')).toEqual({ pid: 1407, isWorker: false });
  expect(profileFile('1377.argv')).toBeUndefined();
});

test('BUN_OPTIONS', () => {
  const added = bunOptions('/tmp/s/bun', 1000) as string;
  expect(added).toBe('--cpu-prof --cpu-prof-dir=/tmp/s/bun --cpu-prof-interval=1000');
  expect(bunOptions('/tmp/with blank/bun', 1000)).toBeUndefined();
  expect(withBunOptions('--smol', added)).toBe(`--smol ${added}`);
  expect(withBunOptions('--cpu-prof-md', added)).toBe('--cpu-prof-md');
  expect(withoutBunOptions(`--smol ${added}`, added)).toBe('--smol');
  expect(withoutBunOptions(added, added)).toBeUndefined();
});

test('Deno on each platform', () => {
  expect(['deno', '/usr/bin/deno', 'C:\\deno\\deno.exe', 'deno-lsp', 'denon'].map(isDenoFile)).toEqual([true, true, true, false, false]);
  expect(['/usr/bin/deno run a.ts', '"C:\\Program Files\\deno.exe" run', 'deno.exe', 'node deno.js'].map(isDenoCommand)).toEqual([true, true, true, false]);
  expect(denoCache({}, 'linux', '/home/u')).toBe('/home/u/.cache/deno');
  expect(denoCache({ XDG_CACHE_HOME: '/c' }, 'linux', '/home/u')).toBe('/c/deno');
  expect(denoCache({}, 'darwin', '/Users/u')).toBe('/Users/u/Library/Caches/deno');
  expect(denoCache({ LOCALAPPDATA: '/local' }, 'win32', '/u')).toBe(path.join('/local', 'deno'));
  expect(denoCache({ DENO_DIR: '/d' }, 'darwin', '/Users/u')).toBe('/d');
  expect(emittedFile('/d', '/a/b.ts')).toBe(path.join('/d', 'gen', 'file', 'a', 'b.ts.js'));
  expect(emittedFile('/d', 'C:\\a\\b.ts')).toBe(path.join('/d', 'gen', 'file', 'C', 'a', 'b.ts.js'));
});
