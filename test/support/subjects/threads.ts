import type { Program } from '../plain-and-recorded';

const W = `const { Worker, isMainThread, threadId, parentPort, workerData, SHARE_ENV } = require('worker_threads');`;
const END = `w.on('error', (e) => console.log('error', e.message)).on('exit', (c) => console.log('exit', c));`;

/** Worker threads. */
export const threads: readonly Program[] = [
  { name: 'exit codes', source: `${W} if (isMainThread) { const w = new Worker(__filename); ${END} } else process.exit(3);`, threads: 2 },
  { name: 'error that nobody catches in a worker', source: `${W} if (isMainThread) { const w = new Worker(__filename); ${END} } else { null.x; }`, threads: 2 },
  {
    name: 'error of a worker that ends the program',
    blur: / {4}at \[kOn(?:Message|ErrorMessage|Exit)\][\s\S]*?\n\n/,
    source: `${W} if (isMainThread) new Worker(__filename); else { throw new Error('from the worker'); }`,
    threads: 2,
  },
  {
    name: 'terminate while idle',
    source: `${W} if (isMainThread) { const w = new Worker(__filename); ${END} w.on('message', async () => console.log('t', await w.terminate(), w.threadId)); } else { parentPort.postMessage(1); setInterval(() => {}, 1000); }`,
    threads: 2,
  },
  {
    name: 'terminate while busy',
    source: `${W} if (isMainThread) { const w = new Worker(__filename); ${END} w.on('message', async () => console.log('t', await w.terminate())); } else { parentPort.postMessage(1); for (;;); }`,
    threads: 2,
  },
  {
    // The recorder asks V8 for scripts when the loop turns, and V8 must not be left while it answers.
    name: 'terminate at any moment, with a loader and a thousand scripts',
    source: `${W} if (isMainThread) { (async () => { for (let at = 0; at < 15; at++) { const w = new Worker(__filename); await new Promise((r) => w.once('message', r)); await new Promise((r) => setTimeout(r, at * 6)); await w.terminate(); } console.log('done'); })(); } else { require.extensions['.made'] = (m) => m._compile('', m.filename); const made = Array.from({ length: 1000 }, (_, i) => new (require('vm').Script)(i + '\\n//# sourceMappingURL=data:application/json,' + i, { filename: '/made/' + i + '.js' })); parentPort.postMessage(1); setInterval(() => made.length, 1000); }`,
    threads: 16,
  },
  {
    name: 'terminate in Atomics.wait',
    source: `${W} if (isMainThread) { const w = new Worker(__filename); ${END} w.on('message', async () => console.log('t', await w.terminate())); } else { parentPort.postMessage(1); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); }`,
    threads: 2,
  },
  {
    name: 'terminate at once',
    source: `${W} if (isMainThread) { const w = new Worker(__filename); ${END} w.terminate().then((c) => console.log('t', c)); } else setInterval(() => {}, 1000);`,
  },
  {
    name: 'terminate twice',
    source: `${W} if (isMainThread) { const w = new Worker(__filename); w.on('message', async () => console.log(await Promise.all([w.terminate(), w.terminate()]), await w.terminate())); } else { parentPort.postMessage(1); for (;;); }`,
    threads: 2,
  },
  {
    name: 'terminate while it computes itself',
    source: `${W} if (isMainThread) { const w = new Worker(__filename); ${END} w.on('message', () => { w.terminate(); for (const end = Date.now() + 300; Date.now() < end; ); console.log('done'); }); } else { parentPort.postMessage(1); setInterval(() => {}, 1000); }`,
    threads: 2,
  },
  ...Object.entries({
    'that computes': 'for (;;) Atomics.add(a, 0, 1);',
    'that computes and catches all': 'for (;;) try { (() => { for (;;) Atomics.add(a, 0, 1); })(); } catch {} finally { Atomics.add(a, 0, 1); }',
    'that awaits': '(async () => { for (;;) { await null; Atomics.add(a, 0, 1); } })();',
    'whose loop turns': '(function again() { Atomics.add(a, 0, 1); setImmediate(again); })();',
    'that writes files': `const fs = require('fs'); for (;;) { fs.writeFileSync('w', 'x'); Atomics.add(a, 0, 1); }`,
    'that has exit listeners and is ending': `process.on('exit', () => { for (;;) Atomics.add(a, 0, 1); }); setTimeout(() => process.exit(7), 50);`,
  }).map(
    ([what, body]): Program => ({
      // Plain Node.js, too, lets a worker take some steps until it hears of it.
      name: `terminate is at an end when it returns, of a worker ${what}`,
      source: `${W} const a = workerData ?? new Int32Array(new SharedArrayBuffer(4)); if (isMainThread) { const w = new Worker(__filename, { workerData: a }); ${END}
        w.on('message', () => setTimeout(async () => { const ended = w.terminate(); const at = Atomics.load(a, 0); for (const end = Date.now() + 400; Date.now() < end; ); console.log(at > 0, Atomics.load(a, 0) - at < 100, await ended); }, 300)); } else { parentPort.postMessage(1); ${body} }`,
      threads: 2,
    }),
  ),
  {
    name: 'a pool that is terminated at once',
    source: `${W} const a = workerData ?? new Int32Array(new SharedArrayBuffer(4)); if (isMainThread) { const pool = Array.from({ length: 8 }, () => new Worker(__filename, { workerData: a })); let up = 0; const log = [];
      for (const [i, w] of pool.entries()) w.on('exit', (code) => log.push('exit ' + code)).on('message', () => { if (++up === 8) setTimeout(async () => { const ended = pool.map((one) => one.terminate()); const at = Atomics.load(a, 0); for (const end = Date.now() + 200; Date.now() < end; ); console.log(Atomics.load(a, 0) - at < 800, log.length, await Promise.all(ended), log.join()); }, 100); }); }
      else { parentPort.postMessage(1); for (;;) Atomics.add(a, 0, 1); }`,
    threads: 9,
  },
  ...Object.entries({
    'native code': `require('crypto').pbkdf2Sync('a', 'b', 5e5, 64, 'sha512');`,
    'a child process': `require('child_process').spawnSync('sleep', ['0.4']);`,
  }).map(
    ([where, body]): Program => ({
      name: `terminate a worker in ${where}`,
      source: `${W} if (isMainThread) { const w = new Worker(__filename); ${END} w.on('message', () => setTimeout(async () => { const [one, other] = [w.terminate(), w.terminate()]; console.log(one === other, w.listenerCount('exit')); one.then((c) => console.log('then', c)); console.log(await one, await other, w.threadId, await w.terminate()); }, 100)); } else { parentPort.postMessage(1); ${body} for (;;); }`,
      threads: 2,
    }),
  ),
  {
    name: 'terminate a worker with time limits for what it runs',
    // V8 of Node.js 20 may answer nothing more when a limit has ended one of its answers.
    only: (major) => major > 20,
    source: `${W} if (isMainThread) { const w = new Worker(__filename); ${END} w.on('message', () => setTimeout(async () => console.log('t', await w.terminate()), 300)); } else { parentPort.postMessage(1); for (;;) try { require('vm').runInNewContext('for (;;);', {}, { timeout: 100 }); } catch {} }`,
    threads: 2,
  },
  {
    name: 'terminate a worker that has ended',
    source: `${W} if (isMainThread) { const w = new Worker(__filename); w.on('exit', async (c) => console.log(c, w.threadId, await w.terminate())); } else parentPort.postMessage(1);`,
    threads: 2,
  },
  {
    name: 'terminate a worker with workers of its own',
    source: `${W} if (isMainThread) { const w = new Worker(__filename, { workerData: 1 }); ${END} w.on('message', async () => console.log('t', await w.terminate())); } else if (workerData < 3) { new Worker(__filename, { workerData: workerData + 1 }).on('message', () => parentPort.postMessage(1)); } else { parentPort.postMessage(1); for (;;); }`,
    threads: 4,
  },
  {
    name: 'a worker terminates its own',
    source: `${W} const a = workerData?.a ?? new Int32Array(new SharedArrayBuffer(4)); if (isMainThread) new Worker(__filename, { workerData: { a, n: 1 } }).on('exit', (c) => console.log('exit', c)); else if (workerData.n === 1) { const w = new Worker(__filename, { workerData: { a, n: 2 } }); w.on('message', () => setTimeout(async () => { const ended = w.terminate(); const at = Atomics.load(a, 0); for (const end = Date.now() + 300; Date.now() < end; ); console.log(Atomics.load(a, 0) - at < 100, await ended); }, 200)); } else { parentPort.postMessage(1); for (;;) Atomics.add(a, 0, 1); }`,
    threads: 3,
  },
  {
    name: 'process.exit with workers that compute',
    source: `${W} if (isMainThread) { let n = 0; for (let i = 0; i < 3; i++) new Worker(__filename).on('message', () => { if (++n === 3) process.exit(5); }); } else { parentPort.postMessage(1); for (;;); }`,
    threads: 4,
  },
  {
    name: 'error with workers that compute',
    source: `${W} if (isMainThread) new Worker(__filename).on('message', () => { throw new Error('main'); }); else { parentPort.postMessage(1); for (;;); }`,
    threads: 2,
  },
  {
    name: 'signal with workers that compute',
    source: `${W} if (isMainThread) new Worker(__filename).on('message', () => console.log('up')); else { parentPort.postMessage(1); for (;;); }`,
    signals: ['SIGTERM'],
    threads: 2,
  },
  {
    name: 'execArgv',
    source: `${W} if (isMainThread) new Worker(__filename, { execArgv: ['--no-warnings'], argv: ['a'] }); else console.log(process.execArgv, process.argv.length);`,
    threads: 2,
  },
  {
    name: 'execArgv that is empty',
    source: `${W} if (isMainThread) new Worker(__filename, { execArgv: [] }); else console.log(process.execArgv);`,
    threads: 2,
  },
  {
    name: 'environment',
    source: `${W} if (isMainThread) new Worker(__filename, { env: { A: '1' } }); else console.log(process.env, process.env.NODE_OPTIONS);`,
    threads: 2,
  },
  {
    name: 'environment with options',
    source: `${W} if (isMainThread) new Worker(__filename, { env: { NODE_OPTIONS: '--no-warnings' } }); else console.log(process.env, process.execArgv);`,
    threads: 2,
  },
  {
    name: 'environment that is shared',
    source: `${W} if (isMainThread) { new Worker(__filename, { env: SHARE_ENV }).on('exit', () => console.log(process.env.FROM, process.env.NODE_OPTIONS)); } else { process.env.FROM = 'worker'; console.log(process.env.NODE_OPTIONS); }`,
    threads: 2,
  },
  {
    name: 'resource limits',
    source: `${W} if (isMainThread) { const w = new Worker(__filename, { resourceLimits: { maxOldGenerationSizeMb: 20 } }); ${END} } else { const a = []; for (;;) a.push(new Array(1e4).fill(1)); }`,
    blur: /[\s\S]*(?=error)/,
  },
  {
    name: 'text as its source',
    source: `${W} const w = new Worker('require("worker_threads").parentPort.postMessage(process.argv.length)', { eval: true }); w.on('message', console.log);`,
    threads: 2,
  },
  { name: 'data address as its source', source: `${W} new Worker(new URL('data:text/javascript,console.log("data")'));`, threads: 2 },
  {
    name: 'output of its own',
    source: `${W} if (isMainThread) { const w = new Worker(__filename, { stdout: true, stdin: true }); w.stdout.on('data', (d) => console.log('got', String(d))); w.stdin.end('in'); } else process.stdin.on('data', (d) => console.log('w', String(d)));`,
    threads: 2,
  },
  {
    name: 'a class of its own',
    source: `${W} class Mine extends Worker { constructor(f) { super(f, { name: 'mine' }); } } if (isMainThread) { const w = new Mine(__filename); console.log(w instanceof Worker, w.constructor.name); ${END} } else console.log(require('worker_threads').workerData);`,
    threads: 2,
  },
  {
    name: 'from a module',
    args: ['a.mjs'],
    files: {
      'a.mjs': `import { Worker, isMainThread } from 'node:worker_threads'; if (isMainThread) new Worker(new URL(import.meta.url), { workerData: 1, execArgv: [] }).on('exit', (c) => console.log(c)); else console.log('in');`,
    },
    threads: 2,
  },
  {
    name: 'workers within workers',
    source: `${W} const n = workerData ?? 0; if (n < 3) new Worker(__filename, { workerData: n + 1 }).on('exit', (c) => console.log('exit', n, c)); else { console.log('deep'); process.exit(2); }`,
    threads: 4,
  },
  {
    name: 'processes from workers',
    source: `${W} if (isMainThread) new Worker(__filename); else console.log(String(require('child_process').execFileSync(process.execPath, ['-p', 'process.execArgv'])));`,
    threads: 3,
  },
  {
    name: 'not a worker',
    source: `${W} for (const f of [() => new Worker(), () => new Worker(5), () => new Worker('rel.js'), () => new Worker(__filename, { execArgv: ['--no-such'] }), () => Worker(), () => new Worker(__filename, { env: 5 })]) try { f(); } catch (e) { console.log(e.code, e.message); }`,
  },
  {
    name: 'await using and events',
    source: `${W} const events = require('events'); if (isMainThread) (async () => { const w = new Worker(__filename); console.log(await events.once(w, 'online'), await events.once(w, 'message'), await events.once(w, 'exit')); })(); else setTimeout(() => { parentPort.postMessage(1); setTimeout(() => {}, 300); }, 300);`,
    threads: 2,
  },
  {
    name: 'times and answers of Atomics.wait',
    source: `const a = new Int32Array(new SharedArrayBuffer(8)); const t = Date.now(); console.log(Atomics.wait(a, 0, 0, 250), Date.now() - t >= 249, Atomics.wait(a, 0, 1), Atomics.wait(a, 0, 0, 0)); for (const f of [() => Atomics.wait(), () => Atomics.wait([], 0, 0, 500), () => Atomics.wait(a, 9, 0, 500)]) try { f(); } catch (e) { console.log(e.constructor.name, e.message); }`,
  },
  {
    name: 'woken out of Atomics.wait',
    source: `${W} if (isMainThread) { const a = new Int32Array(new SharedArrayBuffer(4)); new Worker(__filename, { workerData: a }).on('message', console.log); setTimeout(() => { const t = setInterval(() => { const n = Atomics.notify(a, 0); if (n > 0) { console.log(n); clearInterval(t); } }, 100); }, 1500); } else parentPort.postMessage(Atomics.wait(workerData, 0, 0));`,
    threads: 2,
  },
  {
    name: 'a pool that ends with the program',
    source: `${W} if (isMainThread) { let left = 20; const pool = [1, 2].map(() => new Worker(__filename)); for (const w of pool) { w.on('message', () => { if (--left === 0) { console.log('all'); for (const one of pool) one.unref(); } }); for (let i = 0; i < 10; i++) w.postMessage(i); } } else parentPort.on('message', (m) => parentPort.postMessage(m));`,
    threads: 3,
  },
  {
    name: 'Atomics.waitAsync and channels',
    source: `${W} if (isMainThread) { const w = new Worker(__filename); const c = new BroadcastChannel('x'); c.onmessage = (e) => { console.log(e.data); c.close(); }; } else { const c = new BroadcastChannel('x'); setTimeout(() => { c.postMessage('hi'); c.close(); }, 100); }`,
    threads: 2,
  },
  {
    name: 'Atomics.notify wakes who waits longest first, and is not lost',
    source: `${W} if (!isMainThread) { Atomics.add(workerData, 1, 1); Atomics.wait(workerData, 0, 0); parentPort.postMessage(Atomics.add(workerData, 2, 1)); }
      else { const a = new Int32Array(new SharedArrayBuffer(16)); const tickets = []; let woken = 0;
        const wake = () => { woken += Atomics.notify(a, 0, 1); if (woken < 5) setTimeout(wake, 160); };
        const start = (i) => { if (i === 5) return setTimeout(wake, 300); new Worker(__filename, { workerData: a }).on('message', (ticket) => { tickets[ticket] = i; if (tickets.length === 5) setTimeout(() => console.log(woken, tickets.join()), 200); });
          const next = () => setTimeout(Atomics.load(a, 1) > i ? () => start(i + 1) : next, 250); next(); };
        start(0); }`,
    threads: 6,
  },
  {
    name: 'options that a class computes, and frozen ones',
    source: `${W} const { once } = require('events'); class Options { #data = 5; env = { A: '1' }; get workerData() { return this.#data; } get argv() { return ['q']; } get execArgv() { return ['--no-warnings']; } }
      class Plain { get workerData() { return 6; } get argv() { return ['r']; } env = { B: '2' }; }
      if (isMainThread) (async () => { for (const one of [new Options(), new Plain(), Object.freeze({ execArgv: Object.freeze([]), env: Object.freeze({ C: '3' }), workerData: 7, argv: [] })]) await once(new Worker(__filename, one), 'exit'); })();
      else console.log(workerData, process.argv.slice(2), process.env, process.execArgv);`,
    threads: 4,
  },
  {
    name: 'the text of the class, and of one that extends it',
    source: `${W} class Own extends Worker {} console.log(String(Worker) === String(Object.getPrototypeOf(Own)), String(Worker).slice(0, 40), String(Own), Worker + '' === Worker.toString(), String(require('events')).slice(0, 30));`,
  },
];
