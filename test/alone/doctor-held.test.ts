import net from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import type { Report } from '../support/programs';
import { type Folder, plateau, temporaryFolder } from '../support/run';

/** What holds a program back that its own calls do not show: small pieces, threads that wait for a pipe, many small waits. */

const folders: Folder[] = [];
afterAll(() => {
  for (const one of folders) one.remove();
});

async function judge(source: string, ...args: string[]): Promise<Report> {
  const folder = temporaryFolder({ 'a.cjs': source });
  folders.push(folder);
  const { stdout } = await plateau(['doctor', '--json', '--', process.execPath, 'a.cjs', ...args], { cwd: folder.path });
  return JSON.parse(stdout.slice(stdout.indexOf('{\n "schema"'))) as Report;
}

describe('questions in small pieces', () => {
  /** The other side answers 45 ms after all six bytes of a question have come. */
  async function asked(connect: string, send: string): Promise<Report> {
    const server = net.createServer({ noDelay: true }, (socket) => {
      let bytes = 0;
      socket.on('error', () => {});
      socket.on('data', (part) => {
        bytes += part.length;
        if (bytes % 6 === 0) setTimeout(() => socket.write('row'), 45);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      return await judge(
        `
const socket = require('node:net').connect(${connect});
const ask = () => new Promise((resolve) => {
  socket.once('data', resolve);
  ${send}
});
(async () => {
  for (let i = 0; i < 60; i++) await ask();
  socket.destroy();
})();`,
        String((server.address() as net.AddressInfo).port),
      );
    } finally {
      server.close();
    }
  }
  const port = "{ port: Number(process.argv[2]), host: '127.0.0.1' }";
  const pieces = "socket.write('head');\n  setImmediate(() => socket.write('ok'));";

  test('are named, with the line that writes', async () => {
    const { diagnosis, place } = await asked(port, pieces);
    expect(diagnosis.verdict, JSON.stringify(diagnosis)).toMatchObject({
      branch: 'io',
      title: 'Each question is sent in small pieces, and waits for an acknowledgement',
    });
    expect(diagnosis.verdict.advice).toContain('setNoDelay(true)');
    expect(place).toMatchObject({ line: 5 });
  });

  test.each([
    ['that need not wait', "{ port: Number(process.argv[2]), host: '127.0.0.1', noDelay: true }", pieces],
    ['that are written as one', port, "socket.write('headok');"],
  ])('%s are a sequence', async (_, connect, send) => {
    const { diagnosis } = await asked(connect, send);
    expect(diagnosis.verdict).toMatchObject({ branch: 'sequential' });
  });
});

// Windows has no pipes in its folders.
describe.skipIf(process.platform === 'win32')('pipes', () => {
  test('that keep silent hold the threads that files need', async () => {
    const { diagnosis, place } = await judge(`
const fs = require('node:fs');
const { execFileSync, spawn } = require('node:child_process');
const children = [0, 1, 2, 3, 4].map((i) => {
  execFileSync('mkfifo', ['p' + i]);
  return spawn('sh', ['-c', 'while :; do echo ' + i + '; sleep 0.7; done > p' + i]);
});
const open = (i) =>
  fs.createReadStream('p' + i).on('data', () => {});
const streams = children.map((_, i) => open(i));
(async () => {
  for (let i = 0; i < 6; i++) await fs.promises.readFile(__filename);
  for (const one of children) one.kill();
  for (const one of streams) one.destroy();
})();`);
    expect(diagnosis.verdict, JSON.stringify(diagnosis)).toMatchObject({ branch: 'cpu-elsewhere', title: 'Reads that wait hold the thread pool' });
    expect(diagnosis.verdict.summary).toContain('file (read of a stream)');
    expect(place).toMatchObject({ line: 9 });
  });
});

describe('many small waits', () => {
  const program = (body: string): string => `
let free = 2;
const queue = [];
const acquire = () => (free > 0 ? (free--, Promise.resolve()) : new Promise((resolve) => queue.push(resolve)));
const release = () => (queue.length > 0 ? queue.pop()() : free++);
async function select(id) {
  await acquire();
  await new Promise((resolve) => setTimeout(resolve, 8));
  release();
  return id;
}
${body}`;

  test('are told by who asks for each', async () => {
    const { diagnosis, place } = await judge(
      program(`async function authorOf(book) {
  const author = await select(book % 9);
  return author;
}
Promise.all(Array.from({ length: 800 }, (_, i) => authorOf(i)));`),
    );
    expect(diagnosis.verdict, JSON.stringify(diagnosis)).toMatchObject({ branch: 'timers', title: 'Many short waits, one for each of many things' });
    expect(diagnosis.verdict.summary).toContain('Each is asked for by itself, in authorOf.');
    expect(place).toMatchObject({ line: 13, name: 'authorOf' });
  });

  test('a pause in a loop is a pause', async () => {
    const { diagnosis } = await judge(
      program('async function poll(n) {\n  for (let i = 0; i < n; i++) await new Promise((resolve) => setTimeout(resolve, 20));\n}\npoll(130);'),
    );
    expect(diagnosis.verdict).toMatchObject({ branch: 'timers', title: 'It waits for its own timers' });
  });
});

describe('compression in the pool', () => {
  test('counts for the line that asks for it, up to its end, and tells of the slowest quality', async () => {
    const { diagnosis, place } = await judge(`
const zlib = require('node:zlib');
const text = Buffer.from(Array.from({ length: 30_000 }, (_, i) => 'row ' + ((i * 7919) % 10_007)).join());
function pack(left) {
  if (left === 0) return;
  zlib.brotliCompress(text, () => pack(left - 1));
}
pack(5);`);
    expect(diagnosis.verdict, JSON.stringify(diagnosis)).toMatchObject({ title: 'It waits for zlib (BrotliCompress) in the thread pool' });
    expect(diagnosis.verdict.advice).toContain('BROTLI_PARAM_QUALITY');
    expect(place).toMatchObject({ line: 6, name: 'pack' });
  });
});
