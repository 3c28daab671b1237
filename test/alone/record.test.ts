import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { readOk } from '../support/raw-profile';
import { type Folder, isRunning, nodes, plateau, temporaryFolder, until } from '../support/run';

const folders: Folder[] = [];
const folder = (files?: Record<string, string>): Folder => {
  const made = temporaryFolder(files);
  folders.push(made);
  return made;
};
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => {
  for (const one of folders) one.remove();
});

const BURN = 'export function burn(ms) { const end = Date.now() + ms; let n = 0; while (Date.now() < end) n++; return n; }\n';

/** The profile's path is the last thing that is printed. */
const lastLine = (stderr: string): string => stderr.trim().split('\n').at(-1) as string;

/** Names and self time (ms) of a recorded profile, and what stands beside it. */
function open(file: string) {
  const { tables, warnings } = readOk(new Uint8Array(readFileSync(file)));
  const self = new Map<string, number>();
  for (let i = 0; i < tables.nodes.length; i++) {
    const func = tables.nodes.func[i] as number;
    const name = tables.strings.at(tables.functions.name[func] as number);
    self.set(name, (self.get(name) ?? 0) + (tables.nodes.self[i] as number) / 1000);
  }
  const place = (name: string) => {
    const func = [...tables.functions.name].findIndex((index) => tables.strings.at(index) === name);
    return { url: tables.strings.at(tables.functions.url[func] as number), line: (tables.functions.line[func] as number) + 1 };
  };
  return { tables, warnings, self, place, info: JSON.parse(readFileSync(file.replace('.cpuprofile', '.plateau.json'), 'utf8')) };
}

describe.each(nodes())('Node.js $version', ({ path: node }) => {
  test('a script that ends in 50 ms keeps its profile', async () => {
    const { path: cwd } = folder({ 'a.mjs': `${BURN}burn(50);` });
    const { code, stderr } = await plateau(['record', '--', node, 'a.mjs'], { cwd });
    expect(code, stderr).toBe(0);
    const { self } = open(lastLine(stderr));
    expect(self.get('burn')).toBeGreaterThan(30);
    // It burns until 50 ms are over; a busy machine may keep it from seeing that.
    expect(self.get('burn')).toBeLessThan(2000);
  });

  test.each([
    ['an uncaught exception', 'null.x', 1],
    ['an unhandled rejection', 'Promise.reject(new Error("no"))', 1],
    ['process.exit', 'process.exit(3)', 3],
  ])('%s keeps the profile and tells the exit code', async (_, ending, exit) => {
    const { path: cwd } = folder({ 'a.mjs': `${BURN}burn(300); ${ending};` });
    const { code, stderr } = await plateau(['record', '--', node, 'a.mjs'], { cwd });
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(`exit code ${exit}`);
    const { self, info } = open(lastLine(stderr));
    expect(self.get('burn')).toBeGreaterThan(100);
    expect(info.exit).toEqual({ code: exit, signal: null });
  });

  test('TypeScript, ESM: enums, .js imports, tsconfig paths, JSON, at its own lines', async () => {
    const { path: cwd } = folder({
      'package.json': '{"type":"module"}',
      'tsconfig.json': '{ // comments are fine\n "compilerOptions": { "paths": { "@lib/*": ["./lib/*"] } } }',
      'main.ts': `import { slow } from '@lib/slow.js';\nimport data from './data.json' with { type: 'json' };\n\nenum Kind { A = 1, B }\ninterface Options { readonly ms: number }\nconst options: Options = { ms: (data as { ms: number }).ms * Kind.A };\nslow(options.ms);\nawait Promise.resolve();\n`,
      'lib/slow.ts': `// line 1\n\nexport type Ms = number;\n\nexport function slow(ms: Ms): number {\n  const end: number = Date.now() + ms;\n  let n = 0;\n  while (Date.now() < end) n++;\n  return n;\n}\n`,
      'data.json': '{"ms": 60}',
    });
    const { code, stderr } = await plateau(['record', '--node', node, 'main.ts'], { cwd });
    expect(code, stderr).toBe(0);
    const { self, place } = open(lastLine(stderr));
    expect(self.get('slow')).toBeGreaterThan(25);
    expect(place('slow').line).toBe(5);
    expect(decodeURIComponent(place('slow').url)).toContain('lib/slow.ts');
  });

  test.each<[string, Record<string, string>, string]>([
    [
      'CommonJS',
      {
        'a.ts': 'const { slow } = require("./b");\nslow(60 as number);\n',
        'b.ts': 'const slow = (ms: number) => { const end = Date.now() + ms; while (Date.now() < end); };\nexport { slow };\n',
      },
      'a.ts',
    ],
    [
      '.cts and .mts',
      {
        'a.mts': 'import b from "./b.cjs";\nb.slow(60);\n',
        'b.cts': 'const slow = (ms: number): void => { const end = Date.now() + ms; while (Date.now() < end); };\nexport = { slow };\n',
      },
      'a.mts',
    ],
    [
      'ESM without a type in package.json, and no extension',
      {
        'a.ts': 'import { slow } from "./b";\nslow(60);\n',
        'b.ts': 'export const slow = (ms: number) => { const end = Date.now() + ms; while (Date.now() < end); };\n',
      },
      'a.ts',
    ],
    [
      'TSX',
      {
        'tsconfig.json': '{"compilerOptions":{"jsx":"react","jsxFactory":"h"}}',
        'a.tsx':
          'const h = (tag: string, props: unknown, ...rest: unknown[]) => ({ tag, rest });\nconst slow = (ms: number) => { const end = Date.now() + ms; while (Date.now() < end); return <p>done</p>; };\nslow(60);\n',
      },
      'a.tsx',
    ],
  ])('TypeScript, %s', async (_, files, entry) => {
    const { path: cwd } = folder(files);
    const { code, stderr } = await plateau(['record', '--node', node, entry], { cwd });
    expect(code, stderr).toBe(0);
    expect(open(lastLine(stderr)).self.get('slow')).toBeGreaterThan(25);
  });

  test('NODE_OPTIONS of the project are respected', async () => {
    const { path: cwd } = folder({
      'pre.cjs': 'globalThis.fromOptions = 41;',
      'a.ts': 'const n: number = (globalThis as any).fromOptions + 1;\nconsole.log("n", n);\n',
    });
    const { code, stdout } = await plateau(['record', '--node', node, '--out', 'p.cpuprofile', 'a.ts'], { cwd, env: { NODE_OPTIONS: '--require ./pre.cjs' } });
    expect(code).toBe(0);
    expect(stdout).toContain('n 42');
  });

  test('attaching to an address records for a time and leaves the program running', async () => {
    const { path: cwd } = folder({ 'a.mjs': `${BURN}setInterval(() => burn(5), 10);` });
    const child = spawn(node, ['--inspect=127.0.0.1:0', 'a.mjs'], { cwd });
    children.push(child);
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    await until(() => /ws:\/\/\S+/.test(stderr));
    const address = /ws:\/\/\S+/.exec(stderr)?.[0] as string;
    const result = await plateau(['record', '--attach', address, '--seconds', '1', '--out', 'p.cpuprofile'], { cwd });
    expect(result.code, result.stderr).toBe(0);
    const { self, info } = open(path.join(cwd, 'p.cpuprofile'));
    expect(burned(self)).toBeGreaterThan(100);
    expect(info.node).toMatch(/^v\d+/);
    expect(isRunning(child.pid as number)).toBe(true);
    const again = await plateau(['record', '--attach', new URL(address).port, '--seconds', '1', '--out', 'q.cpuprofile'], { cwd });
    expect(again.code, again.stderr).toBe(0);
  });

  test.skipIf(process.platform === 'win32')('attaching to a process opens its inspector, and closes it again', async () => {
    const { path: cwd } = folder({ 'a.mjs': `${BURN}setInterval(() => burn(5), 10); console.log('up');` });
    const child = spawn(node, ['--inspect-port=0', 'a.mjs'], { cwd });
    children.push(child);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    await until(() => stdout.includes('up'));
    const result = await plateau(['record', '--pid', String(child.pid), '--seconds', '1', '--out', 'p.cpuprofile'], { cwd });
    expect(result.code, result.stderr).toBe(0);
    expect(burned(open(path.join(cwd, 'p.cpuprofile')).self)).toBeGreaterThan(100);
    expect(isRunning(child.pid as number)).toBe(true);
    const port = Number(/ws:\/\/127\.0\.0\.1:(\d+)/.exec(stderr)?.[1]);
    expect(port).toBeGreaterThan(0);
    await until(() => refuses(port));
  });
});

/** Code that was compiled before the profiler came may show `burn` inlined into its caller. */
const burned = (self: ReadonlyMap<string, number>): number => (self.get('burn') ?? 0) + (self.get('') ?? 0);

const refuses = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    http
      .get({ host: '127.0.0.1', port, path: '/json' }, (response) => {
        response.resume();
        resolve(false);
      })
      .on('error', () => resolve(true));
  });

describe('what is launched', () => {
  test('an npm script: the process that it starts is recorded, not npm', async () => {
    const { path: cwd } = folder({ 'package.json': '{"scripts":{"go":"node a.mjs"}}', 'a.mjs': `${BURN}burn(80);` });
    const { code, stdout, stderr } = await plateau(['record', '--out', 'p.cpuprofile', '--', 'npm', 'run', 'go'], { cwd });
    expect(code, stderr + stdout).toBe(0);
    const { self, info } = open(path.join(cwd, 'p.cpuprofile'));
    expect(self.get('burn')).toBeGreaterThan(40);
    expect(info.threads).toBe(undefined); // one thread alone
  });

  test('of several processes all are kept, the busiest first', async () => {
    const { path: cwd } = folder({
      'a.mjs': `${BURN}import { fork } from 'node:child_process';\nif (!process.argv[2]) { const c = fork('a.mjs', ['child']); await new Promise((r) => c.once('exit', r)); } else { (function inChild() { burn(150); })(); }`,
    });
    const { code, stderr } = await plateau(['record', '--out', 'p.cpuprofile', '--', 'node', 'a.mjs'], { cwd });
    expect(code, stderr).toBe(0);
    const { self, info } = open(path.join(cwd, 'p.cpuprofile'));
    expect(self.has('inChild')).toBe(true);
    expect(info.threads.map(({ argv }: { argv: string[] }) => argv.slice(2))).toEqual([['child'], []]);
    expect(info.threads[0].ppid).toBe(info.threads[1].pid);
    for (const { file } of info.threads) expect(existsSync(path.join(cwd, file))).toBe(true);
  });

  test.skipIf(process.platform === 'win32')('SIGTERM ends the program, keeps the profile, and leaves no process', async () => {
    const { path: cwd } = folder({
      'a.mjs': `${BURN}import { spawn } from 'node:child_process'; import { writeFileSync } from 'node:fs';
        const child = spawn('sleep', ['600'], { stdio: 'ignore' }); child.unref();
        setInterval(() => burn(5), 10); writeFileSync('pids', process.pid + ' ' + child.pid);`,
    });
    const pids = path.join(cwd, 'pids');
    const result = await plateau(['record', '--out', 'p.cpuprofile', '--', 'node', 'a.mjs'], {
      cwd,
      onStart: (_, kill) => void until(() => existsSync(pids) && readFileSync(pids, 'utf8') !== '').then(() => setTimeout(() => kill('SIGTERM'), 600)),
    });
    expect(result.code, result.stderr).toBe(0);
    expect(open(path.join(cwd, 'p.cpuprofile')).self.get('burn')).toBeGreaterThan(50);
    for (const pid of readFileSync(pids, 'utf8').split(' ').map(Number)) await until(() => !isRunning(pid));
  });

  test('--seconds stops by itself', async () => {
    const { path: cwd } = folder({ 'a.mjs': `${BURN}setInterval(() => burn(5), 10); import fs from 'node:fs'; fs.writeFileSync('pid', String(process.pid));` });
    const { code, stderr } = await plateau(['record', '--seconds', '1', '--out', 'p.cpuprofile', '--', 'node', 'a.mjs'], { cwd });
    expect(code, stderr).toBe(0);
    await until(() => !isRunning(Number(readFileSync(path.join(cwd, 'pid'), 'utf8'))));
  });

  test("a program's own signal handler keeps the last word", async () => {
    const { path: cwd } = folder({
      'a.mjs': `process.once('SIGTERM', () => { console.log('handled'); process.exit(7); }); setTimeout(() => process.kill(process.pid, 'SIGTERM'), 50); setInterval(() => {}, 1000);`,
    });
    const { stdout, stderr } = await plateau(['record', '--out', 'p.cpuprofile', '--', 'node', 'a.mjs'], { cwd });
    expect(stdout).toContain('handled');
    expect(stderr).toContain('exit code 7');
  });

  test.skipIf(process.platform === 'win32')(
    'a program that goes on after Ctrl+C: told how to go on; the second one ends it and keeps the profile',
    async () => {
      const { path: cwd } = folder({
        'a.mjs': `${BURN}process.on('SIGINT', () => {}); setInterval(() => burn(5), 10); import fs from 'node:fs'; fs.writeFileSync('pid', String(process.pid));`,
      });
      const pid = path.join(cwd, 'pid');
      const { code, stderr } = await plateau(['record', '--out', 'p.cpuprofile', '--', 'node', 'a.mjs'], {
        cwd,
        isGroup: true,
        onStart: async (_, kill) => {
          await until(() => existsSync(pid) && readFileSync(pid, 'utf8') !== '');
          kill('SIGINT');
          setTimeout(() => kill('SIGINT'), 1600);
        },
      });
      expect(stderr).toContain('goes on after Ctrl+C');
      expect(code).toBe(0);
      expect(open(path.join(cwd, 'p.cpuprofile')).self.get('burn')).toBeGreaterThan(50);
      await until(() => !isRunning(Number(readFileSync(pid, 'utf8'))));
    },
  );

  test('worker threads are kept beside the main thread, and folders with spaces are fine', async () => {
    const { path: cwd } = folder({
      'my app/a.mjs': `${BURN}import { Worker } from 'node:worker_threads'; const w = new Worker(new URL('./w.mjs', import.meta.url)); burn(400); await new Promise((r) => w.once('exit', r));`,
      'my app/w.mjs': 'let n = 0; for (let i = 0; i < 1e6; i++) n += i;',
    });
    const { code, stderr } = await plateau(['record', '--out', 'p.cpuprofile', path.join('my app', 'a.mjs')], { cwd });
    expect(code, stderr).toBe(0);
    const { self, info } = open(path.join(cwd, 'p.cpuprofile'));
    expect(self.get('burn')).toBeGreaterThan(30);
    expect(info.threads.map(({ name, threadId }: { name: string; threadId: number }) => [name, threadId > 0])).toEqual([
      ['a.mjs', false],
      ['w.mjs', true],
    ]);
  });

  test.each(nodes())("the loader of TypeScript is no worker of the user's ($version)", async ({ path: node }) => {
    const { path: cwd } = folder({ 'a.ts': `${BURN.replace('ms', 'ms: number')}burn(20);` });
    const { stderr } = await plateau(['record', '--node', node, '--out', 'p.cpuprofile', 'a.ts'], { cwd });
    expect(stderr).not.toContain('worker');
    expect(open(path.join(cwd, 'p.cpuprofile')).info.threads).toBe(undefined);
  });
});

describe('failures explain themselves', () => {
  const cwd = folder({
    'a.mjs': BURN,
    'a.json': '{}',
    'kill.mjs': 'import { execSync } from "node:child_process"; execSync("kill -9 " + process.pid);',
    'kill-soon.mjs': 'import { spawn } from "node:child_process"; spawn("kill", ["-9", String(process.pid)]); setTimeout(() => {}, 10_000);',
  }).path;
  test.each<[string, string[], number, RegExp]>([
    ['no such Node.js', ['--node', '/nowhere/node', 'a.mjs'], 4, /Node\.js was not found as "\/nowhere\/node".*plateau\.nodePath/],
    ['no such command', ['--', 'no-such-command-here'], 4, /"no-such-command-here" was not found/],
    ['something else as Node.js', ['--node', '/bin/false', 'a.mjs'], 4, /"\/bin\/false" is not Node\.js/],
    ['a file that is no program', ['a.json'], 4, /a\.json is a file, but not a program/],
    ['a file that is not there', ['gone.mjs'], 4, /There is no file .*gone\.mjs/],
    ['a script that is not there', ['--', 'node', 'gone.js', '--fast'], 4, /There is no file gone\.js/],
    ['too many seconds', ['--seconds', '3000000', 'a.mjs'], 2, /--seconds takes a whole number from 1 to 86400/],
    ['no Node.js in it', ['--', 'true'], 2, /started no Node\.js process/],
    ['Node.js without a script', ['--', 'node', '-v'], 2, /"node -v" ended before Node\.js ran a script, as it does when it is asked for its version/],
    ['Node.js by its path, asked for its options', ['--', process.execPath, '--v8-options'], 2, /ended before Node\.js ran a script/],
    [
      'an option that Node.js has not',
      ['--', 'node', '--no-such-option', 'a.mjs'],
      2,
      /ended before Node\.js ran a script\. It ended with exit code 9\. What it printed/,
    ],
    [
      'a shell that asks Node.js for its version',
      ['--', 'sh', '-c', 'node -v'],
      2,
      /"sh -c node -v" started no Node\.js process.*exit code 0\..*runs a script/,
    ],
    [
      'Deno, which it cannot record',
      ['--', 'sh', '-c', 'exit 3; deno run a.mjs'],
      2,
      /started no Node\.js process.*exit code 3\. Deno is no Node\.js.*deno run --cpu-prof/,
    ],
    ['Bun, which it cannot record', ['--', 'sh', '-c', 'true bun a.mjs'], 2, /Bun is no Node\.js.*bun --cpu-prof/],
    ['nobody listens', ['--attach', '127.0.0.1:1'], 4, /Nothing to attach to at 127\.0\.0\.1:1/],
    ['another machine', ['--attach', '10.1.2.3:9229'], 2, /not on this machine.*ssh -L/],
    ['not an address', ['--attach', 'what is this'], 2, /no inspector address/],
    ['no such process', ['--pid', '99999999'], 4, /not running any more/],
    ['not Node.js', ['--pid', '1'], 4, /Process 1 is not Node\.js/],
    ['nothing to do', [], 2, /needs a command/],
    ['a folder that is not there', ['--out', 'no/such/x.cpuprofile', 'a.mjs'], 4, /folder .*no.such does not exist/],
    ['a file for a folder', ['--out', 'a.mjs/x.cpuprofile', 'a.mjs'], 4, /is not a folder/],
    ['two things to do', ['--pid', '1', '--', 'node'], 2, /one of a command/],
    ['a bad number', ['--interval', 'fast', 'a.mjs'], 2, /--interval takes a whole number/],
    ['another type', ['--type', 'trace', 'a.mjs'], 2, /--type takes cpu/],
  ])('%s', async (_, args, code, message) => {
    const result = await plateau(['record', ...args], { cwd });
    expect(result.stderr).toMatch(message);
    expect(result.code).toBe(code);
    expect(existsSync(path.join(cwd, '.plateau'))).toBe(false);
  });

  test('one that is killed while it waits for another program keeps what it did before', async () => {
    const { code, stderr } = await plateau(['record', '--out', 'killed.cpuprofile', '--', 'node', 'kill.mjs'], { cwd });
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('The program ended with SIGKILL');
    expect(stderr).toContain('ended without notice');
    expect(open(path.join(cwd, 'killed.cpuprofile')).info.exit).toEqual({ code: null, signal: 'SIGKILL' });
  });

  test('one that is killed before a part of its profile was written is said to have lost it', async () => {
    const { code, stderr } = await plateau(['record', '--', 'node', 'kill-soon.mjs'], { cwd });
    expect(code, stderr).toBe(2);
    expect(stderr).toContain('The program died without handing over its profile. It was ended by SIGKILL.');
  });

  test("an existing file is not overwritten as a snapshot's table of scripts", async () => {
    const made = folder({ 'a.mjs': '', 'p.scripts.json': 'precious' });
    const args = ['record', '--type', 'snapshot', '--out', 'p.heapsnapshot'];
    const refused = await plateau([...args, 'a.mjs'], { cwd: made.path });
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain('p.scripts.json, which comes with it, exists already');
    expect(readFileSync(path.join(made.path, 'p.scripts.json'), 'utf8')).toBe('precious');
    const forced = await plateau([...args, '--force', 'a.mjs'], { cwd: made.path });
    expect(forced.code, forced.stderr).toBe(0);
    expect(Array.isArray(JSON.parse(readFileSync(path.join(made.path, 'p.scripts.json'), 'utf8')))).toBe(true);
  });

  test.each([
    ['cpu', 'p.cpuprofile'],
    ['heap', 'p.heapprofile'],
    ['snapshot', 'p.heapsnapshot'],
  ])('an existing file is not overwritten as what stands beside a recording (%s)', async (type, out) => {
    const made = folder({ 'a.mjs': `import fs from 'node:fs';\nfs.writeFileSync('ran', '');`, 'p.plateau.json': 'precious' });
    const args = ['record', '--type', type, '--out', out];
    const refused = await plateau([...args, 'a.mjs'], { cwd: made.path });
    expect([refused.code, refused.stderr]).toEqual([
      4,
      'plateau: p.plateau.json, which comes with it, exists already; give another --out, or --force to overwrite it.\n',
    ]);
    // Told before anything runs.
    expect(readdirSync(made.path).sort()).toEqual(['a.mjs', 'p.plateau.json']);
    expect(readFileSync(path.join(made.path, 'p.plateau.json'), 'utf8')).toBe('precious');
    const forced = await plateau([...args, '--force', 'a.mjs'], { cwd: made.path });
    expect(forced.code, forced.stderr).toBe(0);
    expect(JSON.parse(readFileSync(path.join(made.path, 'p.plateau.json'), 'utf8')).version).toBe(1);
  });

  test('an existing file is not overwritten without --force', async () => {
    const made = folder({ 'a.mjs': `${BURN}burn(20);`, 'p.cpuprofile': 'precious' });
    const refused = await plateau(['record', '--out', 'p.cpuprofile', 'a.mjs'], { cwd: made.path });
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain('exists already');
    expect(readFileSync(path.join(made.path, 'p.cpuprofile'), 'utf8')).toBe('precious');
    expect((await plateau(['record', '--force', '--out', 'p.cpuprofile', 'a.mjs'], { cwd: made.path })).code).toBe(0);
  });

  test('nothing is left in the temporary folder', async () => {
    const { path: tmp } = folder();
    const made = folder({ 'a.mjs': `${BURN}burn(20);` });
    await plateau(['record', 'a.mjs'], { cwd: made.path, env: { TMPDIR: tmp } });
    await plateau(['record', '--', 'true'], { cwd: made.path, env: { TMPDIR: tmp } });
    expect(readdirSync(tmp).filter((name) => name.startsWith('plateau'))).toEqual([]);
  });
});
