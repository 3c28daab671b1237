import type { Program } from '../plain-and-recorded';

const BUSY = 'for (const end = Date.now() + 8000; Date.now() < end; );';
const idle = `console.log('up'); setTimeout(() => console.log('too late'), 8000);`;

/** How programs end: by themselves, by an error, by a signal. */
export const ends: readonly Program[] = [
  { name: 'exit code', source: 'process.exitCode = 7;' },
  { name: 'process.exit in a timer', source: 'setTimeout(() => process.exit(3), 10); setInterval(() => {}, 1000);' },
  { name: 'process.exit in an exit listener', source: `process.once('exit', (code) => { console.log('exit', code); process.exit(9); });` },
  {
    name: 'exit, beforeExit and their order',
    source: `process.on('exit', (c) => console.log('exit', c)); let n = 0; process.on('beforeExit', () => { if (n++ < 2) setTimeout(() => console.log('again'), 1); });`,
  },
  { name: 'emits exit itself', source: `process.on('exit', () => console.log('exit')); process.emit('exit', 0); setTimeout(() => console.log('goes on'), 5);` },
  { name: 'reallyExit', source: 'process.on("exit", () => console.log("no")); process.reallyExit(4);' },
  { name: 'error that nobody catches', source: 'function f() { null.x; } f();' },
  { name: 'error that nobody catches, later', source: 'setTimeout(function later() { throw new TypeError("later"); }, 5);' },
  { name: 'rejection that nobody handles', source: 'async function f() { throw new Error("rejected"); } f();' },
  { name: 'error in a module', args: ['a.mjs'], files: { 'a.mjs': 'import "./b.mjs"; throw new Error("in a");', 'b.mjs': 'console.log("b");' } },
  { name: 'error of syntax', source: 'const = 1;' },
  { name: 'module that is missing', source: 'require("./nowhere.cjs");' },
  { name: 'await that never ends', args: ['a.mjs'], files: { 'a.mjs': 'await new Promise(() => {});' } },
  {
    name: 'listener for errors',
    source: `process.on('uncaughtException', (e, origin) => { console.log(e.message, origin); }); setTimeout(() => console.log('lives'), 20); throw new Error('caught');`,
  },
  { name: 'error in an exit listener', source: `process.on('exit', () => { throw new Error('at the end'); });`, blur: /node:events:\d+:\d+/ },
  {
    name: 'domain',
    source: `const d = require('domain').create(); d.on('error', (e) => console.log('domain', e.message)); d.run(() => setTimeout(() => { throw new Error('x'); }, 2));`,
  },
  { name: 'warning', source: `process.emitWarning('careful', 'Custom', 'C1'); process.on('warning', (w) => console.log(w.name));` },
  { name: 'stack overflow', source: 'let n = 0; function f() { n++; f(); } try { f(); } catch (e) { console.log(e.constructor.name, n > 1000); }' },
  {
    name: 'out of memory',
    source: 'const all = []; for (;;) all.push(new Array(1e5).fill(Math.random()));',
    args: ['--max-old-space-size=40', 'a.cjs'],
    blur: /[\s\S]*/,
    threads: 0,
  },
  { name: 'abort', source: 'console.log("x"); process.abort();', blur: /0x[0-9a-f]+.*|\n\d+: (?:abortThrough.*hook.*\n\d+: )?/ },
  ...(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2', 'SIGQUIT', 'SIGALRM'] as const).map(
    (signal): Program => ({ name: `${signal} while idle`, source: idle, signals: [signal] }),
  ),
  ...(['SIGTERM', 'SIGINT', 'SIGHUP'] as const).map(
    (signal): Program => ({ name: `${signal} while busy`, source: `console.log('up'); ${BUSY}`, signals: [signal] }),
  ),
  { name: 'SIGKILL', source: idle, signals: ['SIGKILL'], threads: 0 },
  { name: 'signal to itself', source: `process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 5000);` },
  { name: 'SIGKILL to itself', source: `process.kill(process.pid, 'SIGKILL'); setTimeout(() => {}, 5000);` },
  {
    name: 'signal to its group',
    source: `process.stdin.on('data', () => process.kill(0, 'SIGTERM')); setTimeout(() => {}, 5000);`,
    input: 'go',
    shell: 'trap "" TERM; setsid -w node a.cjs; echo $?',
  },
  {
    name: 'listener that was added with once',
    source: `process.once('SIGTERM', () => console.log('first')); console.log('up'); setTimeout(() => {}, 8000); process.on('exit', () => console.log('no'));`,
    signals: ['SIGTERM', 'SIGTERM'],
  },
  {
    name: 'listener that was taken away',
    source: `const f = () => console.log('f'); process.on('SIGINT', f); setTimeout(() => { process.off('SIGINT', f); console.log('up'); }, 20); setTimeout(() => {}, 8000);`,
    signals: ['SIGINT'],
  },
  {
    name: 'listener that goes on',
    source: `process.on('SIGHUP', () => { console.log('again'); if (++n === 3) process.exit(6); }); let n = 0; console.log('up'); setInterval(() => {}, 100);`,
    signals: ['SIGHUP', 'SIGHUP', 'SIGHUP'],
  },
  {
    name: 'listener that computes afterwards',
    source: `process.on('SIGTERM', () => { for (const end = Date.now() + 300; Date.now() < end; ); console.log('cleaned'); process.exit(0); }); console.log('up'); setInterval(() => {}, 100);`,
    signals: ['SIGTERM'],
  },
  {
    name: 'listener that raises it again',
    source: `process.once('SIGUSR2', () => { console.log('restart'); process.kill(process.pid, 'SIGUSR2'); }); console.log('up'); setInterval(() => {}, 100);`,
    signals: ['SIGUSR2'],
  },
  { name: 'nohup', source: `console.log('up'); setTimeout(() => console.log('lives'), 2500);`, shell: 'trap "" HUP; exec node a.cjs', signals: ['SIGHUP'] },
  {
    name: 'nothing is ended by SIGWINCH, SIGCHLD, SIGCONT',
    source: `console.log('up'); setTimeout(() => console.log('lives'), 2500);`,
    signals: ['SIGWINCH', 'SIGCHLD', 'SIGCONT'],
  },
  {
    name: 'report on a signal',
    source: idle,
    args: ['--report-on-signal', '--report-filename=report.json', '--report-signal=SIGUSR2', 'b.cjs'],
    files: { 'b.cjs': `console.log('up'); setTimeout(() => console.log(require('fs').existsSync('report.json')), 1500);` },
    signals: ['SIGUSR2'],
    blur: /\nWriting.*\n.*report.*\n/,
  },
  {
    name: 'snapshot on a signal',
    args: ['--heapsnapshot-signal=SIGUSR2', 'b.cjs'],
    files: {
      'b.cjs': `console.log('up'); const t = setInterval(() => { if (require('fs').readdirSync('.').some((n) => n.endsWith('.heapsnapshot'))) { console.log('written'); clearInterval(t); } }, 50);`,
    },
    signals: ['SIGUSR2'],
  },
  ...['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGPROF', 'SIGSEGV', 'SIGKILL'].map((signal) => ({
    name: `${signal} that it sends itself`,
    source: `process.kill(process.pid, '${signal}'); process.exit(0);`,
  })),
  {
    name: 'the same signal again when it is done with it',
    source: `process.once('SIGINT', () => { process.kill(process.pid, 'SIGINT'); process.exit(0); }); process.kill(process.pid, 'SIGINT'); setTimeout(() => {}, 8000);`,
  },
  {
    name: 'SIGTERM to its own group',
    shell: 'exec setsid -w "$NODE" a.cjs',
    source: `process.kill(-process.pid, 'SIGTERM'); require('fs').writeSync(1, 'too late'); process.exit(0);`,
  },
  {
    name: 'SIGTERM that a worker sends',
    source: `const { Worker, isMainThread } = require('worker_threads'); if (isMainThread) { new Worker(__filename); setTimeout(() => {}, 8000); } else { process.kill(process.pid, 'SIGTERM'); for (const end = Date.now() + 100; Date.now() < end; ); require('fs').writeSync(1, 'too late'); }`,
    threads: 2,
  },
  {
    name: 'signal that is none, or that nobody gets',
    source: `for (const [pid, signal] of [[process.pid, 0], [process.pid, 'SIGCONT'], [-4194303, 'SIGTERM'], [4194303, 'SIGTERM']]) try { console.log(process.kill(pid, signal)); } catch (error) { console.log(error.code); }`,
  },
];
