import type { Program } from '../plain-and-recorded';

const W = `const { Worker, isMainThread } = require('worker_threads');`;

/** What a program can see of itself. */
export const seen: readonly Program[] = [
  { name: 'environment', source: 'console.log(JSON.stringify(process.env, null, 1));' },
  {
    name: 'options, arguments, title',
    source: 'console.log(process.execArgv, process.argv, process.argv0, process.title, process.execPath, require.main === module, module.parent);',
    args: ['--no-warnings', '--stack-size=900', 'a.cjs', '--require', 'x'],
  },
  { name: 'argv0 through the shell', source: 'console.log(process.argv0, process.argv[0], process.title);', shell: 'node a.cjs' },
  {
    name: 'NODE_OPTIONS of its own',
    source: 'console.log(process.env.NODE_OPTIONS, process.execArgv);',
    env: { NODE_OPTIONS: '--max-old-space-size=300 --no-warnings' },
  },
  {
    name: 'NODE_OPTIONS with a quoted path',
    source: 'console.log(process.env.NODE_OPTIONS, globalThis.loaded);',
    files: { 'p q.cjs': 'globalThis.loaded = 1;' },
    env: { NODE_OPTIONS: '--require "./p q.cjs"' },
  },
  {
    name: 'PATH as whoever searches it',
    source: 'console.log(process.env.PATH); console.log(require("child_process").execSync("command -v node").length > 0);',
  },
  {
    name: 'listeners',
    source: `console.log(process.eventNames(), ['exit', 'SIGTERM', 'SIGINT', 'beforeExit', 'message', 'worker'].map((name) => process.listenerCount(name)));
      process.on('exit', () => console.log('exit', process.listenerCount('exit'), process.listeners('exit').length));`,
  },
  {
    name: 'exactly the listeners that are allowed',
    source: `for (let i = 0; i < 10; i++) process.on('exit', () => {}); for (let i = 0; i < 10; i++) process.on('SIGTERM', () => {}); console.log(process.listenerCount('SIGTERM'));`,
  },
  {
    name: 'one listener too many',
    source: `for (let i = 0; i < 11; i++) process.on('exit', () => {}); for (let i = 0; i < 11; i++) process.on('SIGTERM', () => {});`,
  },
  {
    name: 'listeners that are added later, one too many',
    source: `for (let i = 0; i < 10; i++) process.on('exit', () => {}); setTimeout(() => process.on('exit', () => {}), 5);`,
  },
  {
    name: 'all listeners removed',
    source: `process.removeAllListeners('exit'); process.on('exit', () => console.log('bye')); process.removeAllListeners('SIGTERM');`,
  },
  {
    name: 'what keeps it alive',
    source:
      'console.log(process.getActiveResourcesInfo(), process._getActiveHandles().length, process._getActiveRequests().length); setTimeout(() => console.log(process.getActiveResourcesInfo()), 5);',
  },
  {
    name: 'modules in the cache',
    source: 'console.log(Object.keys(require.cache).map((file) => file.slice(-12)), module.children.length, Object.keys(require("module")._extensions));',
  },
  { name: 'globals', source: 'console.log(Object.keys(globalThis), Object.getOwnPropertyNames(globalThis).length);' },
  {
    // The text of the class Worker is Node.js's own, for which it has a toString: that one name is known to differ.
    name: 'functions of Node.js by name, length and text',
    source: `const w = require('worker_threads'), vm = require('vm'), M = require('module');
      for (const f of [Atomics.wait, w.Worker, w.Worker.prototype.terminate, vm.Script, vm.compileFunction, process.reallyExit, process.abort, process.nextTick, M.register])
        console.log(f && [f.name, f.length, Object.getOwnPropertyNames(f).filter((n) => f !== w.Worker || n !== 'toString').sort().join()].join(' | '));
      console.log(w.Worker === w.Worker.prototype.constructor, String(Atomics.wait).includes('native code'));
      for (const [o, n] of [[Atomics, 'wait'], [w, 'Worker'], [w.Worker.prototype, 'terminate'], [vm, 'Script'], [M.prototype, '_compile'], [process, 'abort']]) {
        const { writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(o, n); console.log(n, enumerable, configurable); }`,
  },
  {
    name: 'inspector from inside',
    source: 'const i = require("inspector"); console.log(i.url(), process.debugPort, process.execArgv); console.log(process.features.inspector);',
  },
  {
    name: 'numbers of worker threads',
    source: `const { Worker, isMainThread, threadId, workerData } = require('worker_threads');
      if (isMainThread) { console.log(threadId); const a = new Worker(__filename, { workerData: 1 }); console.log(a.threadId); a.on('exit', () => new Worker(__filename, { workerData: 2 })); }
      else console.log('in', threadId, workerData, process.argv.length, process.execArgv, process.env.NODE_OPTIONS);`,
    threads: 3,
  },
  {
    name: 'numbers of worker threads in a module, of one that has ended, and of one within another',
    args: ['a.mjs'],
    files: {
      'a.mjs': `import { isMainThread, threadId, Worker } from 'node:worker_threads';
        console.log(isMainThread, threadId);
        if (threadId === 2) new Worker('console.log("within", require("worker_threads").threadId)', { eval: true });
        if (isMainThread) new Worker(new URL(import.meta.url)).on('exit', function () { console.log(this.threadId); console.log(new Worker(new URL(import.meta.url)).threadId); });`,
    },
    threads: 4,
  },
  {
    name: 'messages from thread to thread',
    source: `const { Worker, isMainThread, threadId, parentPort, postMessageToThread: post } = require('worker_threads');
      const same = (e) => console.log(e.code);
      if (isMainThread) {
        const all = [1, 2, 3].map(() => new Worker(__filename));
        let up = 0;
        process.on('workerMessage', async (value, from) => { console.log(value, from); await post(from, 'bye'); for (const one of all) await one.terminate(); await post(3, 'gone').catch(same); });
        for (const one of all) one.on('message', () => ++up === 3 && post(all[0].threadId, 'ring'));
      } else {
        process.on('workerMessage', async (value, from) => { console.log(threadId, value, from); if (value === 'bye') return; await post(threadId, 'me').catch((e) => e.code === 'ERR_WORKER_MESSAGING_SAME_THREAD' || same(e)); await post((threadId + 1) % 4, value + threadId); });
        parentPort.postMessage('up'); setTimeout(() => {}, 5000);
      }`,
    only: (major) => major >= 24,
    threads: 4,
  },
  {
    name: 'stack of an error',
    source:
      'function a() { throw new Error("x"); } try { a(); } catch (error) { console.log(error.stack); } console.log(Error.stackTraceLimit, Error.prepareStackTrace);',
  },
  { name: 'RegExp.$1', source: '/(b)/.exec("abc"); require("./b.cjs"); console.log(RegExp.$1);', files: { 'b.cjs': 'module.exports = 1;' } },
  { name: 'messages to a worker-less process', source: 'process.on("worker", () => console.log("worker")); setTimeout(() => {}, 20);' },
  {
    name: 'fakes of time and of files',
    source: `const fs = require('fs'); const no = () => { throw new Error('faked'); };
      performance.now = () => 5; Date.now = () => 7; globalThis.setTimeout = globalThis.setImmediate = no; process.nextTick = () => {}; process.hrtime = no; JSON.stringify = no; Atomics.wait = no;
      for (const name of ['openSync', 'writeSync', 'closeSync', 'renameSync', 'writeFileSync', 'existsSync']) fs[name] = no; process._rawDebug('done');`,
  },
  {
    name: 'umask, working folder and exit code',
    source: `process.umask(0o777); const fs = require('fs'); fs.mkdirSync('gone'); fs.chmodSync('gone', 0o700); process.chdir('gone'); fs.rmdirSync('../gone'); process.exitCode = 5; process._rawDebug('x');`,
  },
  { name: 'standard streams that are closed', source: 'process.exitCode = 3;', shell: 'node a.cjs <&- >&- 2>&-; echo $?' },
  {
    name: 'what it reads',
    source: 'let n = 0; process.stdin.on("data", (c) => { n += c.length; }).on("end", () => console.log(n, process.stdin.isTTY, process.stdin.fd));',
    input: 'x'.repeat(100_000),
  },
  { name: 'reads its input synchronously', source: 'console.log(require("fs").readFileSync(0, "utf8").length);', input: 'abc' },
  {
    name: 'output that nobody reads',
    source: 'for (let i = 0; i < 20000; i++) console.log("a line of text that is long enough");',
    shell: 'node a.cjs | head -n 1',
  },
  ...['Array', 'Atomics', 'BigInt', 'Buffer', 'Error', 'JSON', 'Map', 'Object', 'Promise', 'Proxy', 'Reflect', 'Set', 'String', 'Symbol', 'process'].map(
    (name) => ({
      name: `without ${name}`,
      source: `${W} const { execFile } = require('child_process'); const { writeSync } = require('fs'); const [p, vm] = [process, require('vm')];
      if (isMainThread) new Worker(__filename).on('exit', (code) => { writeSync(1, 'worker ' + code + '\\n'); const child = execFile(p.execPath, ['-p', '1'], (e, out) => writeSync(1, 'child ' + out)); });
      const f = () => {}; delete globalThis.${name}; globalThis.${name} = undefined; p.on('SIGTERM', f); p.off('SIGTERM', f); writeSync(1, typeof new vm.Script('1') + '\\n');`,
      threads: 3,
    }),
  ),
  {
    name: 'frozen globals',
    source: `${W} for (const one of [Error, Object, Reflect, Atomics, JSON, Array, Promise, Map]) Object.freeze(one); const f = () => {}; process.on('SIGTERM', f); process.off('SIGTERM', f);
      process.once('SIGINT', () => console.log('int')); if (isMainThread) { new Worker(__filename).on('exit', console.log); process.kill(process.pid, 'SIGINT'); setTimeout(() => {}, 200); }`,
    threads: 2,
  },
  {
    name: 'functions of globals replaced',
    source: `const broken = () => { throw new Error('broken'); }; const f = () => {}; const { spawnSync } = require('child_process');
      for (const [of, names] of [[Reflect, ['construct']], [Object, ['entries', 'getOwnPropertyDescriptors']], [Atomics, ['load', 'store', 'add', 'sub', 'wait']], [JSON, ['stringify', 'parse']], [Math, ['min']], [Date, ['now']]]) for (const name of names) of[name] = broken;
      process.on('SIGTERM', f); process.off('SIGTERM', f); console.log(spawnSync(process.execPath, ['-p', '1']).status);`,
    threads: 2,
  },
  {
    name: 'what async_hooks sees',
    source: `const types = []; require('async_hooks').createHook({ init: (id, type) => types.push(type) }).enable(); setTimeout(() => require('fs').writeSync(1, types.join()), 700);`,
  },
];
