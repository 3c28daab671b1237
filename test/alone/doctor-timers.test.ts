import http from 'node:http';
import { afterAll, describe, expect, test } from 'vitest';
import { freePort } from '../support/free-port';
import type { Report } from '../support/programs';
import { type Folder, plateau, temporaryFolder } from '../support/run';

/** What the doctor says of programs that wait for timers of their own, and of servers whose requests take long for no reason that is seen. */

const folders: Folder[] = [];
afterAll(() => {
  for (const one of folders) one.remove();
});

async function judge(source: string, options: { readonly file?: string; readonly args?: readonly string[]; readonly seconds?: number } = {}): Promise<Report> {
  const { file = 'a.mjs', args = [], seconds } = options;
  const folder = temporaryFolder({ [file]: source });
  folders.push(folder);
  const limit = seconds === undefined ? [] : ['--seconds', String(seconds)];
  const { stdout } = await plateau(['doctor', '--json', ...limit, '--', process.execPath, file, ...args], { cwd: folder.path });
  return JSON.parse(stdout.slice(stdout.indexOf('{\n "schema"'))) as Report;
}

/** What the doctor says of a server, while so many callers ask it again and again. */
async function judgeServer(source: string, callers: number, pause = 0): Promise<Report> {
  const port = await freePort();
  let isOver = false;
  const ask = (): Promise<void> =>
    new Promise((resolve) => {
      const request = http.get({ port, host: '127.0.0.1', path: '/news' }, (response) => response.resume().on('close', resolve));
      request.on('error', () => setTimeout(resolve, 50));
    });
  const load = Promise.all(
    Array.from({ length: callers }, async () => {
      while (!isOver) {
        await ask();
        if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }),
  );
  const report = await judge(source, { args: [String(port)], seconds: 4 }).finally(() => {
    isOver = true;
  });
  await load;
  return report;
}

/** `a.mjs:5`, the line on which a text stands. */
const lineOf = (source: string, text: string): number => source.split('\n').findIndex((line) => line.includes(text)) + 1;

const told = ({ diagnosis, place }: Report): string => `${diagnosis.verdict.title}. ${diagnosis.verdict.summary} ${place?.line}`;

describe('programs that wait for their own timers', () => {
  const retry = `
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const ask = async () => { throw new Error('503'); };
async function withRetries() {
  for (let attempt = 1; attempt <= 4; attempt++) {
    try { return await ask(); } catch {}
    await sleep(100 * 2 ** attempt); // awaited here
  }
}
await withRetries();`;
  const promisified = `
import { promisify } from 'node:util';
const sleep = promisify(setTimeout);
async function pages() {
  for (let i = 0; i < 20; i++) {
    await sleep(100); // awaited here
  }
}
await pages();`;
  const promises = `
import { setTimeout as sleep } from 'node:timers/promises';
const once = async () => {
  await sleep(2000); // awaited here
};
await once();`;
  const ticks = `
import { setInterval } from 'node:timers/promises';
const started = Date.now();
async function watch() {
  for await (const _ of setInterval(100)) { // awaited here
    if (Date.now() - started > 2000) return;
  }
}
await watch();`;
  const polling = `
let isReady = false;
setTimeout(() => { isReady = true; }, 2000).unref();
const ready = () => new Promise((resolve) => {
  const timer = setInterval(() => {
    if (!isReady) return;
    clearInterval(timer);
    resolve();
  }, 100);
});
async function start() {
  await ready(); // awaited here
}
await start();`;
  const pollingLater = `
const started = Date.now();
const isReady = async () => Date.now() - started > 2000;
async function start() {
  await new Promise((resolve) => { // awaited here
    const timer = setInterval(async () => {
      if (!(await isReady())) return;
      clearInterval(timer);
      resolve();
    }, 100);
  });
}
await start();`;
  const yields = `
const pause = () => new Promise((resolve) => setTimeout(resolve));
async function work() {
  let sum = 0;
  for (let i = 0; i < 1800; i++) {
    sum += i;
    await pause(); // awaited here
  }
  return sum;
}
console.log(await work());`;
  const arrow = `
async function settle() {
  const { promise, resolve } = (() => { let resolve; const promise = new Promise((r) => { resolve = r; }); return { promise, resolve }; })();
  setTimeout(resolve, 2000); // awaited here
  await promise;
}
await settle();`;
  const several = `
import { scheduler, setTimeout as sleep } from 'node:timers/promises';
const first = () => sleep(600);
const second = () => scheduler.wait(700);
const third = () => new Promise((resolve) => { setTimeout(() => resolve(3), 650); });
await first();
await second(); // awaited here
await third();`;

  test.each([
    ['pauses between attempts', retry],
    ['setTimeout, promisified', promisified],
    ['a single pause of timers/promises', promises],
    ['an interval that is iterated', ticks],
    ['an interval that asks whether something is ready', polling],
    ['an interval whose question is asynchronous', pollingLater],
    ['a turn that is given away after each item', yields],
    ['a promise whose function is kept', arrow],
    ['pauses of several places', several],
  ])('%s', async (_, source) => {
    const report = await judge(source);
    expect(report.diagnosis.verdict.branch, told(report)).toBe('timers');
    expect(report.place?.line, told(report)).toBe(lineOf(source, '// awaited here'));
    expect(report.diagnosis.verdict.summary).toContain('The timer is set at a.mjs:');
  });

  test('a turn that is given away is advised something else than a pause', async () => {
    expect((await judge(yields)).diagnosis.verdict.advice).toContain('setImmediate');
  });

  test('a sleep of a worker or a child is seen as what it is from here', async () => {
    const worker = await judge(`
import { Worker } from 'node:worker_threads';
const worker = new Worker('setTimeout(() => require("node:worker_threads").parentPort.postMessage(1), 2500)', { eval: true });
await new Promise((resolve) => worker.once('message', resolve));`);
    expect(worker.diagnosis.verdict.branch, told(worker)).toBe('inconclusive');
    expect(worker.diagnosis.verdict.summary).toMatch(/worker threads/);
    const child = await judge(`
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
await promisify(execFile)(process.execPath, ['-e', 'setTimeout(() => {}, 2000)']);`);
    expect(child.diagnosis.verdict.branch, told(child)).toBe('io');
    expect(child.diagnosis.verdict.title).toContain('node');
  });
});

const server = (handler: string, before = ''): string => `
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
${before}
http.createServer(async (request, response) => {
${handler}
  response.end('done');
}).listen(Number(process.argv[2]), '127.0.0.1');`;

describe('requests that take long', () => {
  test('pauses in a handler', async () => {
    const source = server('  await sleep(150); // awaited here');
    const report = await judgeServer(source, 3);
    expect(report.diagnosis.verdict, told(report)).toMatchObject({ branch: 'timers', title: 'Requests wait for timers of the program' });
    expect(report.place?.line).toBe(lineOf(source, '// awaited here'));
  });

  test('a lock that is held over a pause', async () => {
    const report = await judgeServer(
      server(
        '  await locked(() => sleep(40));',
        'let last = Promise.resolve();\nconst locked = (work) => { const mine = last.then(work); last = mine; return mine; };',
      ),
      8,
    );
    expect(report.diagnosis.verdict.title, told(report)).toBe('Requests wait for their turn: never more than 1 at once');
  });

  test('a lock that is held over something that is not watched', async () => {
    const report = await judgeServer(
      server(
        "  await locked(() => new Promise((resolve) => { port.once('message', resolve); other.postMessage(1); }));",
        `import { MessageChannel, Worker } from 'node:worker_threads';
const { port1: port, port2 } = new MessageChannel();
const other = new Worker("const { parentPort, workerData } = require('node:worker_threads'); parentPort.on('message', () => setTimeout(() => workerData.port.postMessage(1), 40));", { eval: true, workerData: { port: port2 }, transferList: [port2] });
port.unref();
let last = Promise.resolve();
const locked = (work) => { const mine = last.then(work); last = mine; return mine; };`,
      ),
      8,
    );
    expect(report.diagnosis.verdict, told(report)).toMatchObject({ branch: 'inconclusive', title: 'Requests wait, and what for was not seen' });
    expect(report.diagnosis.verdict.summary).toContain('locks and queues of the program itself');
  });

  test('requests that are held until there is news', async () => {
    const report = await judgeServer(
      server(
        "  await new Promise((resolve) => news.once('item', resolve));",
        "import { EventEmitter } from 'node:events';\nconst news = new EventEmitter();\nsetInterval(() => news.emit('item'), 700);",
      ),
      3,
    );
    expect(report.diagnosis.verdict.branch, told(report)).toBe('inconclusive');
    expect(report.diagnosis.verdict.advice).toContain('long polling');
  });
});

describe('timers that nobody waits for', () => {
  test.each([
    ['an interval beside the work', 'setInterval(() => process.memoryUsage(), 300);', ''],
    ['a loop that looks after things', '(async () => { for (;;) await sleep(200); })();', ''],
    [
      'limits of time that are not taken away',
      '',
      'await Promise.race([Promise.resolve(1), new Promise((_, reject) => setTimeout(reject, 1000))]).catch(() => {});',
    ],
  ])('a server with %s', async (_, before, handler) => {
    const report = await judgeServer(server(`  ${handler}`, before), 2, 60);
    expect(report.diagnosis.verdict.branch, told(report)).toBe('healthy');
  });

  test('an idle server with an interval and a loop', async () => {
    const report = await judge(server('', 'setInterval(() => {}, 100);\n(async () => { for (;;) await sleep(150); })();'), { args: ['0'], seconds: 3 });
    expect(report.diagnosis.verdict.branch, told(report)).toBe('healthy');
  });

  test('a program sees no difference: results, handles, errors, what it clears', async () => {
    const folder = temporaryFolder({
      'a.js': `
const timers = require('node:timers/promises');
const { promisify } = require('node:util');
const log = [];
(async () => {
  let ticks = 0;
  const over = new Promise((resolve) => { globalThis.over = resolve; });
  const interval = setInterval(function (word) { log.push(this === interval, word); if (++ticks === 2) { clearInterval(Number(interval)); globalThis.over(); } }, 5, 'tick');
  log.push(interval.constructor.name, interval.hasRef(), typeof interval[Symbol.toPrimitive]());
  await over;
  log.push(await timers.setTimeout(3, 'value'), await promisify(setTimeout)(3, 'other'));
  const controller = new AbortController();
  const waiting = timers.setTimeout(1000, null, { signal: controller.signal }).catch((error) => error.name);
  controller.abort();
  log.push(await waiting);
  for await (const value of timers.setInterval(3, 'turn')) { log.push(value); break; }
  clearTimeout(setTimeout(() => log.push('never'), 1));
  clearInterval(undefined);
  clearTimeout('none');
  try { setTimeout('text'); } catch (error) { log.push(error.code); }
  try { setInterval(null, 3); } catch (error) { log.push(error.code); }
  log.push(setTimeout.name, setTimeout.length, setInterval.name, clearInterval.length);
  await new Promise((resolve) => setTimeout(resolve, 60));
  console.log(JSON.stringify(log));
})();`,
    });
    folders.push(folder);
    const plain = await plateau(['record', '--force', '--', process.execPath, 'a.js'], { cwd: folder.path });
    const watched = await plateau(['doctor', '--', process.execPath, 'a.js'], { cwd: folder.path });
    const seen = (text: string): string | undefined => /^\["Timeout".*$/m.exec(text)?.[0];
    expect(seen(plain.stdout + plain.stderr)).toContain('"ERR_INVALID_ARG_TYPE","ERR_INVALID_ARG_TYPE","setTimeout"');
    expect(seen(watched.stdout + watched.stderr)).toBe(seen(plain.stdout + plain.stderr));
  });
});
