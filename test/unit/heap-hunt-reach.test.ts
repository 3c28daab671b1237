import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import { afterAll, describe, expect, test } from 'vitest';
import type { HuntResult } from '../../src/shared/hunt';
import { freePort } from '../support/free-port';
import { cli, type Folder, nodes, plateau, root, temporaryFolder, until } from '../support/run';

const folders: Folder[] = [];
afterAll(() => {
  for (const folder of folders) folder.remove();
});
const validate = new Ajv({ allowUnionTypes: true }).compile(JSON.parse(readFileSync(path.join(root, 'schema', 'heap-hunt.schema.json'), 'utf8')));

/** A server that keeps an order for each request, or keeps none; it takes as long to listen as its second argument says. */
const SERVER = `class Order { constructor(id) { this.data = new Array(50).fill(id); } }
const [how, port, late = '0'] = process.argv.slice(2);
const seen = [];
setTimeout(() => require('node:http').createServer((request, response) => {
  const order = new Order(seen.length);
  if (how.includes('leak')) seen.push(order);
  if (how.includes('close')) response.setHeader('connection', 'close');
  response.end('ok');
}).listen(Number(port), '127.0.0.1'), Number(late));`;

/** Its third argument is the number of workers; with a fourth the first of them dies at once, and is replaced. */
const CLUSTER = `const cluster = require('node:cluster');
if (cluster.isPrimary) {
  for (let i = 0; i < Number(process.argv[5]); i++) cluster.fork(process.argv[6] && i === 0 ? { DIES: '1' } : {});
  cluster.on('exit', () => cluster.fork({ DIES: '' }));
} else if (process.env.DIES) process.exit(1);
else require('./server.cjs');`;

/** Requests are answered by worker threads, one after the other. */
const POOL = `const { Worker } = require('node:worker_threads');
const [how, port, , count] = process.argv.slice(2);
const workers = Array.from({ length: Number(count) }, () => new Worker(require.resolve('./task.cjs'), { argv: [how], name: 'task' }));
const waiting = new Map();
let ids = 0;
for (const worker of workers) worker.on('message', (id) => { waiting.get(id).end('ok'); waiting.delete(id); });
require('node:http').createServer((request, response) => {
  waiting.set(++ids, response);
  workers[ids % workers.length].postMessage(ids);
}).listen(Number(port), '127.0.0.1');`;
const TASK = `const { parentPort } = require('node:worker_threads');
class Job { constructor(id) { this.data = new Array(50).fill(id); } }
const kept = [];
parentPort.on('message', (id) => {
  const job = new Job(id);
  if (process.argv[2] === 'leak') kept.push(job);
  parentPort.postMessage(id);
});`;

interface Hunt {
  readonly code: number | null;
  readonly stderr: string;
  readonly result: HuntResult;
}

async function hunt(node: string, script: string, args: readonly string[], ...more: string[]): Promise<Hunt> {
  const folder = temporaryFolder({ 'server.cjs': SERVER, 'cluster.cjs': CLUSTER, 'pool.cjs': POOL, 'task.cjs': TASK });
  folders.push(folder);
  const port = await freePort();
  const [how = '', ...rest] = args;
  const exercise = more.includes('--command') ? [] : ['--request', `GET http://127.0.0.1:${port}/`];
  const own = more.map((word) => word.replace('PORT', String(port)));
  const { code, stdout, stderr } = await plateau(
    ['heap', 'hunt', '--json', '--no-track', '--times', '11', ...own, ...exercise, '--', node, script, how, String(port), ...rest],
    { cwd: folder.path },
  );
  expect(stdout, stderr).not.toBe('');
  const result = JSON.parse(stdout) as HuntResult;
  expect(validate(result), JSON.stringify(validate.errors)).toBe(true);
  return { code, stderr, result };
}

const anOrderEach = { className: 'Order', verdict: 'leak', isMultiple: true, perExercise: 1, counts: [11, 22, 33] };

describe.each(nodes())('a cluster on Node.js $version', ({ path: node }) => {
  test.each([
    ['one worker', ['leak', '0', '1']],
    ['two', ['leak', '0', '2']],
    ['four', ['leak', '0', '4']],
    ['two, and a connection for each request', ['leak close', '0', '2']],
    ['two, of which one dies at its start and is replaced', ['leak', '0', '2', 'restart']],
  ])('%s: the leak is found in the worker that answers', async (_, args) => {
    const { code, result } = await hunt(node, 'cluster.cjs', args);
    expect(result.leaks[0]).toMatchObject(anOrderEach);
    expect(result.others?.length).toBe(Number(args[2]));
    expect(result.others?.some(({ pid }) => pid === result.watched?.pid)).toBe(false);
    expect(code).toBe(1);
  });

  test('a healthy one has no leak, and those that were not looked at are told', async () => {
    const { code, result } = await hunt(node, 'cluster.cjs', ['fine', '0', '2']);
    expect(result.verdict, result.doubt).toBe('clean');
    expect(result.others).toHaveLength(2);
    expect(code).toBe(0);
  });
});

describe('work that is handed to worker threads', () => {
  test.each([1, 3])('%i that keep what they get: no clean bill for the main thread, but the way to them', async (count) => {
    const { code, result } = await hunt(process.execPath, 'pool.cjs', ['leak', '0', String(count)]);
    expect(result).toMatchObject({ verdict: 'unexercised', watched: { threadId: 0, name: 'pool.cjs' } });
    expect(result.doubt).toMatch(/the heap of worker \d+ \(task\).* grew .*--thread task/);
    expect(code).toBe(3);
  });

  test('the one that is asked for is watched', async () => {
    const { code, result } = await hunt(process.execPath, 'pool.cjs', ['leak', '0', '1'], '--thread', 'task');
    expect(result.watched?.name).toBe('task');
    expect(result.leaks[0]).toMatchObject({ className: 'Job', perExercise: 1, counts: [11, 22, 33] });
    expect(code).toBe(1);
  });

  test('none keeps anything', async () => {
    const { code, result } = await hunt(process.execPath, 'pool.cjs', ['fine', '0', '2'], '--warmup', '40');
    expect(result.verdict, result.doubt).toBe('clean');
    expect(code).toBe(0);
  });
});

describe('a command', () => {
  const ask = `${JSON.stringify(process.execPath)} -e "require('http').get('http://127.0.0.1:PORT/', (r) => r.resume()).on('error', () => process.exit(7))"`;

  test('waits for a server that takes two seconds to listen', async () => {
    const { code, result } = await hunt(process.execPath, 'server.cjs', ['leak', '2000'], '--times', '5', '--command', ask);
    expect(result.leaks[0]).toMatchObject({ className: 'Order', counts: [5, 10, 15] });
    expect(code).toBe(1);
  });

  test('counts where it reaches the watched worker of a cluster', async () => {
    const { result } = await hunt(process.execPath, 'cluster.cjs', ['leak', '0', '2'], '--times', '5', '--command', ask);
    expect(result.leaks[0]).toMatchObject({ className: 'Order', counts: [5, 10, 15] });
  });

  test('that there is not fails at once, one that never succeeds after a while', async () => {
    const folder = temporaryFolder({ 'a.cjs': 'setInterval(() => {}, 1000)' });
    folders.push(folder);
    const none = await plateau(['heap', 'hunt', '--command', 'no-such-command-here', '--', process.execPath, 'a.cjs'], { cwd: folder.path });
    expect(none.stderr).toMatch(/failed: it ended with exit code \d+\. /);
    const never = await plateau(['heap', 'hunt', '--command', 'exit 7', '--', process.execPath, 'a.cjs'], { cwd: folder.path });
    expect(never.stderr).toContain('it ended with exit code 7, again and again for 20 s. It has to end with exit code 0');
    expect(never.stderr).toContain('--retry-connrefused');
    expect(never.code).toBe(4);
  });
});

test('the primary of a running cluster: its workers are named', async () => {
  const folder = temporaryFolder({ 'server.cjs': SERVER, 'cluster.cjs': CLUSTER });
  folders.push(folder);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const child = spawn(process.execPath, ['cluster.cjs', 'leak', String(port), '0', '2'], { cwd: folder.path, stdio: 'ignore' });
  try {
    await until(() =>
      fetch(url).then(
        () => true,
        () => false,
      ),
    );
    const { code, stdout, stderr } = await plateau(['heap', 'hunt', '--json', '--no-track', '--times', '5', '--request', url, '--pid', String(child.pid)], {
      cwd: folder.path,
    });
    const result = JSON.parse(stdout || stderr) as HuntResult;
    expect(result.verdict).toBe('unexercised');
    expect(result.doubt).toMatch(/is the primary of a cluster.*--pid \d+/);
    expect(code).toBe(3);
  } finally {
    child.kill('SIGKILL');
  }
});

describe('another process that answers on the port', () => {
  // The other one keeps what it is sent; the watched one listens at the same port of another address, and is at work all the time.
  const watched = `setInterval(() => { for (let i = 0, all = []; i < 1e4; i++) all.push(i); }, 20);
require('node:http').createServer((_, response) => response.end('no')).listen(Number(process.argv[2]), '127.0.0.2', () => console.error('listens'));`;
  const withOther = async (exercise: (port: number) => string[]): Promise<{ code: number | null; result: HuntResult; pid: number | undefined }> => {
    const folder = temporaryFolder({ 'server.cjs': SERVER, 'watched.cjs': watched });
    folders.push(folder);
    const port = await freePort();
    const other = spawn(process.execPath, ['server.cjs', 'leak', String(port)], { cwd: folder.path, stdio: 'ignore' });
    try {
      const isUp = () =>
        fetch(`http://127.0.0.1:${port}/`).then(
          () => true,
          () => false,
        );
      await until(isUp);
      const words = ['heap', 'hunt', '--json', '--no-track', '--times', '4', ...exercise(port), '--', process.execPath, 'watched.cjs', String(port)];
      const { code, stdout, stderr } = await plateau(words, { cwd: folder.path });
      expect(stdout, stderr).not.toBe('');
      return { code, result: JSON.parse(stdout), pid: other.pid };
    } finally {
      other.kill('SIGKILL');
    }
  };

  test.runIf(process.platform === 'linux')('requests: inconclusive, with who did', async () => {
    const { code, result, pid } = await withOther((port) => ['--request', `GET http://127.0.0.1:${port}/`]);
    expect(result.verdict).toBe('unexercised');
    expect(result.doubt).toMatch(
      new RegExp(`^watched\\.cjs \\(\\d+\\) answered none of the requests: process ${pid} did\\. Hunt in that one, with --pid ${pid}\\.$`),
    );
    expect(code).toBe(3);
  });
  test.runIf(process.platform === 'linux')('a command that asks it: inconclusive', async () => {
    const { code, result } = await withOther((port) => ['--command', `node -e "fetch('http://127.0.0.1:${port}/')"`]);
    expect(result.verdict).toBe('unexercised');
    expect(result.doubt).toMatch(/^watched\.cjs \(\d+\) answered no request and took no connection meanwhile/);
    expect(code).toBe(3);
  });
});

test('by hand, a program that reads its input gets all of it, and --next goes on', async () => {
  const folder = temporaryFolder({
    'a.cjs': `class Typed {} const kept = [];
process.stdin.on('data', (bytes) => { for (const _ of bytes) kept.push(new Typed()); require('node:fs').appendFileSync('got', bytes); });`,
  });
  folders.push(folder);
  const child = spawn(process.execPath, [cli, 'heap', 'hunt', '--no-track', '--', process.execPath, 'a.cjs'], { cwd: folder.path, stdio: 'pipe' });
  let told = '';
  let stdout = '';
  child.stderr.on('data', (chunk) => {
    told += chunk;
  });
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  try {
    for (let turn = 1; turn <= 3; turn++) {
      await until(() => told.split('so Enter is its own').length > turn, 30_000);
      expect(told).not.toContain('press Enter');
      child.stdin.write('1234567\n');
      await until(() => existsSync(path.join(folder.path, 'got')) && readFileSync(path.join(folder.path, 'got'), 'utf8').length === 8 * turn);
      expect((await plateau(['heap', 'hunt', '--next', String(child.pid)])).code).toBe(0);
    }
    expect(await exit, told).toBe(1);
    expect(stdout).toContain('leak: Typed, +16 (8 → 16 → 24)');
  } finally {
    child.kill('SIGKILL');
  }
  const none = await plateau(['heap', 'hunt', '--next', String(child.pid)]);
  expect(none.code).toBe(4);
  expect(none.stderr).toContain(`No hunt waits in process ${child.pid}`);
});
