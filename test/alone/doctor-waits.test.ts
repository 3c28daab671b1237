import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import type { Report } from '../support/programs';
import { type Folder, plateau, temporaryFolder } from '../support/run';

/** What the doctor says that a program waits for: connections, children, the thread pool, and what it cannot see. */

const folders: Folder[] = [];
afterAll(() => {
  for (const one of folders) one.remove();
});

async function judge(source: string, ...args: string[]): Promise<Report> {
  const folder = temporaryFolder({ 'a.js': source });
  folders.push(folder);
  const { stdout } = await plateau(['doctor', '--json', '--', process.execPath, 'a.js', ...args], { cwd: folder.path });
  return JSON.parse(stdout.slice(stdout.indexOf('{\n "schema"'))) as Report;
}

/** What the doctor says of a program that is given the port of this server, which runs in this process. */
async function judgeWith(serve: (socket: net.Socket) => void, source: string): Promise<Report> {
  const server = net.createServer((socket) => serve(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await judge(source, String((server.address() as net.AddressInfo).port));
  } finally {
    server.close();
  }
}

describe('connections', () => {
  test('one question after another is a sequence, with its line', async () => {
    const { diagnosis, place } = await judgeWith(
      (socket) => socket.on('data', () => setTimeout(() => socket.write('row'), 40)),
      `
(async () => {
  const socket = require('node:net').connect(Number(process.argv[2]), '127.0.0.1');
  const ask = () => new Promise((resolve) => { socket.once('data', resolve); socket.write('q'); });
  const loadAll = async () => {
    for (let i = 0; i < 60; i++) {
      await ask();
    }
  };
  await loadAll();
  socket.destroy();
})();`,
    );
    expect(diagnosis.verdict.branch).toBe('sequential');
    expect(diagnosis.verdict.summary).toMatch(/an exchange with 127\.0\.0\.1:\d+/);
    expect(place).toMatchObject({ name: 'loadAll' });
  });

  test('what comes without being asked for is not called nothing', async () => {
    const { diagnosis } = await judgeWith(
      (socket) => {
        const timer = setInterval(() => socket.write('news'), 1500);
        socket.on('close', () => clearInterval(timer));
      },
      `
const socket = require('node:net').connect(Number(process.argv[2]), '127.0.0.1');
let news = 0;
socket.on('data', () => { if (++news === 2) socket.destroy(); });`,
    );
    expect(diagnosis.verdict).toMatchObject({ branch: 'inconclusive', title: 'It waits, and what for was not seen' });
    expect(diagnosis.verdict.summary).toContain('connections, over which something may come without being asked for');
  });

  test('a program sees no difference: listeners, results, errors, order', async () => {
    const folder = temporaryFolder({
      'a.js': `
const net = require('node:net');
const log = [];
const server = net.createServer((s) => s.on('data', (d) => s.end(d))).listen(0, '127.0.0.1', () => {
  const socket = net.connect({ port: server.address().port, host: '127.0.0.1' }, () => log.push('connected'));
  log.push(socket.write.name, socket.push.length, typeof socket.write('x', () => log.push('written')), socket.listenerCount('data'), socket.listenerCount('error'), socket.listenerCount('close'));
  socket.on('data', (d) => log.push(String(d)));
  socket.on('close', () => {
    server.close();
    const none = net.connect(1, '127.0.0.1').on('error', (e) => { log.push(e.code); require('node:fs').writeFileSync('log' + process.argv[2], JSON.stringify(log)); });
    log.push(none.connecting);
    try { net.connect(); } catch (e) { log.push(e.code); }
    try { require('node:zlib').gzip(1, () => {}); } catch (e) { log.push(e.code); }
    try { require('node:crypto').pbkdf2(); } catch (e) { log.push(e.code); }
    require('node:dns').lookup('127.0.0.1', (e, a) => log.push(a));
  });
});`,
    });
    folders.push(folder);
    execFileSync(process.execPath, ['a.js', '1'], { cwd: folder.path });
    await plateau(['doctor', '--json', '--', process.execPath, 'a.js', '2'], { cwd: folder.path });
    expect(readFileSync(`${folder.path}/log2`, 'utf8')).toBe(readFileSync(`${folder.path}/log1`, 'utf8'));
  });
});

describe('children', () => {
  const nap = `const { spawn } = require('node:child_process');
const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 1500)']);`;
  test('one that is awaited is what it waits for', async () => {
    const { diagnosis } = await judge(`${nap} child.once('exit', () => {});`);
    expect(diagnosis.verdict).toMatchObject({ branch: 'io' });
    expect(diagnosis.verdict.title).toContain('the process node');
  });
  test('one that serves and is ended is no wait', async () => {
    const { diagnosis } = await judge(`${nap} child.on('exit', () => {}); setTimeout(() => child.kill(), 1200);`);
    expect(diagnosis.verdict.title).not.toContain('process');
  });
});

describe('the thread pool', () => {
  test('a stream through gzip is told with the place that made it', async () => {
    const { diagnosis, place } = await judge(`
const { createGzip } = require('node:zlib');
const { Readable, Writable, pipeline } = require('node:stream');
const parts = function* () { for (let i = 0; i < 300; i++) yield Buffer.from(Array.from({ length: 9000 }, (_, k) => (k * i) % 251)); };
const text = Buffer.concat([...parts()]);
const compress = () => {
  const gzip = createGzip({ level: 9 });
  pipeline(Readable.from(Array(60).fill(text)), gzip, new Writable({ write: (c, e, done) => done() }), () => {});
};
compress();`);
    expect(diagnosis.verdict).toMatchObject({ branch: 'cpu-elsewhere', title: 'It waits for zlib (Gzip) in the thread pool' });
    expect(place).toMatchObject({ name: 'compress' });
  });

  test('more work than threads is said to be that, not a slow disk', async () => {
    const { diagnosis, place } = await judge(`
const { pbkdf2 } = require('node:crypto');
const fs = require('node:fs');
const hash = () => { for (let i = 0; i < 12; i++) pbkdf2('a', 'b', 400_000, 64, 'sha512', () => {}); };
hash();
fs.readFile(__filename, () => {});`);
    expect(diagnosis.verdict).toMatchObject({ branch: 'cpu-elsewhere', title: 'The thread pool is full' });
    expect(diagnosis.verdict.summary).toContain('up to 13 at once');
    expect(place).toMatchObject({ name: 'hash' });
  });
});

describe('many requests', () => {
  const answer = (socket: net.Socket, ms: number): unknown =>
    socket.on('data', () => setTimeout(() => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\n7'), ms));

  test('that each need the one before are not to be started together', async () => {
    const { diagnosis, place } = await judgeWith(
      (socket) => answer(socket, 50),
      `
const get = async (cursor) => Number(await (await fetch('http://127.0.0.1:' + process.argv[2] + '/list?cursor=' + cursor)).text()) + cursor;
(async function loadAll() {
  let cursor = 0;
  while (cursor < 400) {
    const next = await get(cursor);
    cursor = next;
  }
})();`,
    );
    expect(diagnosis.verdict).toMatchObject({ branch: 'sequential', level: 'warning', title: 'Each request needs the one before' });
    expect(diagnosis.verdict.advice).not.toMatch(/Promise\.all/);
    expect(diagnosis.turns.at(-1)?.id).toBe('order');
    expect(place).toMatchObject({ name: 'loadAll', line: 6 });
  });

  test('that are all on their way at once wait for each other', async () => {
    const { diagnosis } = await judgeWith(
      (socket) => answer(socket, 5000),
      `
const get = (id) => fetch('http://127.0.0.1:' + process.argv[2] + '/item/' + id).then((answer) => answer.text());
(async () => {
  await Promise.all(Array.from({ length: 300 }, (_, id) => get(id)));
})();`,
    );
    expect(diagnosis.verdict.branch).toBe('io');
    expect(diagnosis.verdict.summary).toMatch(/Up to \d{3} were on their way at once/);
    expect(diagnosis.verdict.advice).toMatch(/^Start some dozens at a time/);
  });
});
