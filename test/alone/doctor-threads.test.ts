import { afterAll, expect, test } from 'vitest';
import type { Report } from '../support/programs';
import { type Folder, plateau, temporaryFolder } from '../support/run';

/** What the doctor says of programs whose work is not done by the main thread. */

const folders: Folder[] = [];
afterAll(() => {
  for (const one of folders) one.remove();
});

const burnt = `
const burn = (ms) => {
  const until = process.cpuUsage().user + ms * 1000;
  let n = 0;
  while (process.cpuUsage().user < until) for (let i = 0; i < 1e5; i++) n += Math.sqrt(i);
  return n;
};
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
`;
const worker = `const { Worker, isMainThread, parentPort } = require('node:worker_threads');${burnt}`;
const child = `const { fork, spawnSync } = require('node:child_process');${burnt}`;

async function judge(source: string): Promise<Report> {
  const folder = temporaryFolder({ 'a.js': source });
  folders.push(folder);
  const { stdout } = await plateau(['doctor', '--json', '--', process.execPath, 'a.js'], { cwd: folder.path });
  return JSON.parse(stdout) as Report;
}

test.each<[string, string]>([
  [
    'a worker that is awaited',
    `${worker}
if (isMainThread) new Promise((resolve) => new Worker(__filename).once('message', resolve));
else { burn(1500); parentPort.postMessage(1); }`,
  ],
  [
    'a forked child whose answer is awaited',
    `${child}
if (process.argv[2] === 'child') { burn(1500); process.send(1); process.disconnect(); }
else new Promise((resolve) => fork(__filename, ['child']).once('message', resolve));`,
  ],
  [
    'a child of spawnSync',
    `${child}
if (process.argv[2] === 'child') burn(1500);
else spawnSync(process.execPath, [__filename, 'child']);`,
  ],
])('%s is what is judged', async (_, source) => {
  const { diagnosis, place, notes } = await judge(source);
  expect(diagnosis.verdict.branch).toBe('cpu-hot');
  expect(place).toMatchObject({ name: 'burn' });
  expect(notes.join('\n')).toMatch(/^Judged is thread a\.js \(.+\), the busiest of 2; the other: a\.js \(/m);
});

test('a busiest worker is not judged by what the main thread waits for', async () => {
  const { diagnosis, notes } = await judge(`const http = require('node:http');${worker}
if (isMainThread) {
  new Worker(__filename);
  const server = http.createServer((_, response) => setTimeout(() => response.end('x'), 900)).listen(0, '127.0.0.1', async () => {
    for (let i = 0; i < 3; i++) await (await fetch('http://127.0.0.1:' + server.address().port)).text();
    server.close();
    server.closeAllConnections();
  });
} else (async () => { for (let i = 0; i < 6; i++) { burn(160); await sleep(300); } })();`);
  expect(diagnosis.verdict.branch).toBe('inconclusive');
  expect(diagnosis.verdict.summary).toMatch(/^The busiest thread is a worker with \d+\.\d % of all CPU time/);
  expect(notes.join(' ')).toContain('judged by its CPU profile alone');
});

test('a busiest worker is not judged by the memory and the event loop of the main thread, which is told to be held up', async () => {
  const { diagnosis, notes } = await judge(`${worker}
if (isMainThread) {
  setInterval(() => {}, 5).unref();
  new Worker(__filename).once('exit', () => process.exit());
  (async () => { for (let i = 0; i < 4; i++) { burn(400); await sleep(200); } })();
} else burn(5000);`);
  expect(diagnosis.verdict.branch).toBe('cpu-hot');
  expect(diagnosis.turns.find(({ id }) => id === 'loop')?.reason).toBe('The event loop of a worker thread is not measured.');
  expect(notes.join(' ')).toMatch(/The main thread of its process was held up by tasks of its own besides: \d+ stretch/);
});

test('the busiest thread waits for several workers: it is said that they compute, and which', async () => {
  const { diagnosis } = await judge(`${worker}
if (isMainThread) (async () => {
  for (let i = 0; i < 3; i++) {
    burn(400);
    await new Promise((resolve) => new Worker(__filename).once('exit', resolve));
  }
})();
else burn(600);`);
  expect(diagnosis.verdict.branch).toBe('cpu-elsewhere');
  expect(diagnosis.verdict.summary).toMatch(
    /while 3 others of the program compute for .* in a\.js \(thread \d\)\. This thread has \d+\.\d % of all CPU time\.$/,
  );
});

test('work in threads that run no JavaScript is not called nothing', async () => {
  const { diagnosis } = await judge(`const { pbkdf2 } = require('node:crypto');
let rounds = 0;
const next = () => (rounds++ < 5 ? pbkdf2('a', 'b', 700_000, 64, 'sha512', next) : undefined);
next();`);
  expect(diagnosis.verdict).toMatchObject({ branch: 'cpu-elsewhere', title: 'It waits for crypto (pbkdf2) in the thread pool' });
});
