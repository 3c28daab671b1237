import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { type Folder, nodes, plateau, temporaryFolder } from '../support/run';

const folders: Folder[] = [];
afterAll(() => {
  for (const one of folders) one.remove();
});

/** The main thread keeps little, the worker named `keeper` keeps ten megabytes. How it all ends is the program's argument. */
const PROGRAM = {
  'main.mjs': `import { Worker } from 'node:worker_threads';
const end = process.argv[2];
const worker = new Worker(new URL('./keeper.mjs', import.meta.url), { name: 'keeper' });
const small = new Worker(new URL('./small.mjs', import.meta.url));
const here = new Promise((resolve) => small.once('message', resolve));
worker.on('message', async () => {
  await here;
  if (end === 'terminate') worker.terminate();
  if (end === 'exit') process.exit(0);
  if (end === 'message') worker.postMessage('end');
});`,
  'keeper.mjs': `import { parentPort } from 'node:worker_threads';
class KeptInWorker { constructor(i) { this.i = i; this.more = [i]; } }
export function keepMuch() { globalThis.all = []; for (let i = 0; i < 80_000; i++) all.push(new KeptInWorker(i)); }
keepMuch();
parentPort.on('message', () => parentPort.close());
parentPort.postMessage('full');`,
  'small.mjs': `import { parentPort } from 'node:worker_threads';
globalThis.some = [1, 2, 3];
parentPort.postMessage('here');`,
};

async function record(type: string, node: string, end: string, ...more: string[]) {
  const folder = temporaryFolder(PROGRAM);
  folders.push(folder);
  const { code, stdout, stderr } = await plateau(['record', '--type', type, '--json', ...more, '--', node, 'main.mjs', end], { cwd: folder.path });
  return { cwd: folder.path, code, stderr, info: code === 0 ? JSON.parse(stdout) : undefined };
}

const kept = (file: string): number => readFileSync(file, 'utf8').split('"KeptInWorker"').length - 1;

describe.each(nodes())('Node.js $version', ({ path: node }) => {
  test.each(['terminate', 'exit', 'message'])('allocations of a worker that ends by %s', async (end) => {
    const { info, stderr, cwd } = await record('heap', node, end);
    expect(info?.thread?.name, stderr).toBe('keeper');
    expect(info.others.map(({ name }: { name: string }) => name)).toContain('main.mjs');
    const report = await plateau(['analyze', info.file, '--json', '--top', '1'], { cwd });
    expect(JSON.parse(report.stdout).functions[0].name).toBe('keepMuch');
  });

  test('the snapshot is of the largest heap, and of the thread that was asked for', async () => {
    const largest = await record('snapshot', node, 'message');
    expect(largest.info?.thread?.name, largest.stderr).toBe('keeper');
    expect(kept(largest.info.file)).toBe(1);
    const main = await record('snapshot', node, 'exit', '--thread', 'main');
    expect(main.info).toMatchObject({ thread: { threadId: 0, name: 'main.mjs' } });
    expect(kept(main.info.file)).toBe(0);
  });
});

test('a thread that there is not: those that there were are named', async () => {
  const { code, stderr } = await record('heap', process.execPath, 'exit', '--thread', 'nobody');
  expect(code).toBe(4);
  // The small worker may have ended by then.
  expect(stderr).toMatch(/There was no thread "nobody"\. The program had [23] threads: main\.mjs \(\d+\),.* worker \d+ \(keeper\) of /);
});

test('what is said of several', async () => {
  const folder = temporaryFolder(PROGRAM);
  folders.push(folder);
  const { stderr } = await plateau(['record', '--type', 'heap', '--', process.execPath, 'main.mjs', 'exit'], { cwd: folder.path });
  expect(stderr).toMatch(/Of worker \d+ \(keeper\) of \d+, the largest of 3; the others: .*main\.mjs \(\d+\)/);
  const cpu = await plateau(['record', '--thread', '1', '--', process.execPath, 'main.mjs', 'exit'], { cwd: folder.path });
  expect(cpu.code).toBe(2);
  expect(cpu.stderr).toContain('--thread and --process go with --type heap');
});
