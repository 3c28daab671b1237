import type { Program } from '../plain-and-recorded';

const HOT = 'function hot() { for (const end = Date.now() + 150; Date.now() < end; ); }';
const ADDRESS = /ws:\/\/127\.0\.0\.1:\d+\/[\w-]+/;
const DEBUGGER = `const http = require('http'); const WebSocket = require(process.env.WS); const { spawn } = require('child_process');`;

/** Programs with an inspector of their own. */
export const inspectors: readonly Program[] = [
  {
    name: 'opens and closes',
    source: `const i = require('inspector'); i.open(0); console.log(/^ws/.test(i.url())); i.close(); console.log(i.url());`,
    blur: ADDRESS,
  },
  { name: 'opens and ends', source: `const i = require('inspector'); i.open(0); console.log('x');`, blur: ADDRESS },
  { name: '--inspect=0', source: `console.log(/^ws/.test(require('inspector').url()), process.execArgv);`, args: ['--inspect=0', 'a.cjs'], blur: ADDRESS },
  {
    name: '--inspect=0 and a signal',
    source: `console.log('up'); setTimeout(() => {}, 8000);`,
    args: ['--inspect=0', 'a.cjs'],
    signals: ['SIGTERM'],
    blur: ADDRESS,
  },
  {
    name: '--inspect=0 and workers',
    source: `const { Worker, isMainThread } = require('worker_threads'); if (isMainThread) new Worker(__filename).on('exit', (c) => process.exit(c)); else setTimeout(() => process.exit(3), 50);`,
    args: ['--inspect=0', 'a.cjs'],
    blur: ADDRESS,
    threads: 2,
  },
  {
    name: 'SIGUSR1',
    source: `console.log('up'); setTimeout(() => console.log(/^ws/.test(require('inspector').url())), 600);`,
    signals: ['SIGUSR1'],
    args: ['--inspect-port=0', 'a.cjs'],
    blur: ADDRESS,
  },
  {
    name: 'listens to SIGUSR1 itself',
    source: `process.on('SIGUSR1', () => { console.log('mine'); process.exit(0); }); console.log('up'); setTimeout(() => {}, 8000);`,
    signals: ['SIGUSR1'],
  },
  {
    name: 'its own profile',
    source: `${HOT} const { Session } = require('inspector'); const s = new Session(); s.connect(); s.post('Profiler.enable'); s.post('Profiler.start'); hot();
      s.post('Profiler.stop', (e, { profile }) => console.log(e, profile.nodes.some((n) => n.callFrame.functionName === 'hot'), profile.samples.length > 2)); s.disconnect();`,
  },
  {
    name: 'its own profile with an interval',
    source: `${HOT} const { Session } = require('inspector'); const s = new Session(); s.connect(); s.post('Profiler.enable'); s.post('Profiler.setSamplingInterval', { interval: 500 }, (e) => console.log(e)); s.post('Profiler.start'); hot(); s.post('Profiler.stop', (e, r) => console.log(e, r.profile.samples.length > 2));`,
  },
  { name: 'console.profile', source: `${HOT} console.profile('mine'); hot(); console.profileEnd('mine'); console.log(1);` },
  {
    name: 'a debugger in itself',
    source: `const { Session } = require('inspector'); const s = new Session(); s.connect(); let n = 0; s.on('Debugger.paused', ({ params }) => { n++; s.post('Debugger.resume'); }); s.post('Debugger.enable'); debugger; console.log(n > -1); s.post('Debugger.disable');`,
  },
  {
    name: 'coverage of its own',
    source: `const { Session } = require('inspector'); const s = new Session(); s.connect(); s.post('Profiler.enable'); s.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true }); ${HOT} hot(); s.post('Profiler.takePreciseCoverage', (e, { result }) => { const own = result.find(({ url }) => url.endsWith('a.cjs')); console.log(e, own.functions.find((f) => f.functionName === 'hot').ranges[0].count); });`,
  },
  {
    name: 'a session to the main thread',
    source: `const { Worker, isMainThread } = require('worker_threads'); const { Session } = require('inspector'); if (isMainThread) { new Worker(__filename); } else { const s = new Session(); s.connectToMainThread(); s.post('Runtime.evaluate', { expression: '1+1' }, (e, r) => { console.log(e, r.result.value); s.disconnect(); clearTimeout(t); }); const t = setTimeout(() => {}, 5000); }`,
    threads: 2,
  },
  {
    name: 'its own heap',
    source: `const v8 = require('v8'); const s = v8.getHeapSnapshot(); let n = 0; s.on('data', (d) => { n += d.length; }); s.on('end', () => console.log(n > 1e5));`,
  },
  {
    name: 'a debugger that attaches with --inspect-brk',
    source: `${DEBUGGER}
      const c = spawn(process.execPath, ['--inspect-brk=0', 'b.cjs'], { stdio: ['ignore', 'inherit', 'pipe'] }); let err = '';
      c.stderr.on('data', (d) => { err += d; const a = /ws:\\S+(?=\\s)/.exec(err); if (!a || c.ws) return; const w = c.ws = new WebSocket(a[0]); let id = 0; const send = (method) => w.send(JSON.stringify({ id: ++id, method }));
        w.on('open', () => { send('Debugger.enable'); send('Runtime.enable'); send('Runtime.runIfWaitingForDebugger'); });
        w.on('message', (m) => { const e = JSON.parse(m); if (e.method === 'Debugger.paused') { console.log('paused', e.params.reason, e.params.callFrames[0].url.slice(-5)); send('Debugger.resume'); } if (e.method === 'Runtime.executionContextDestroyed' || e.method === 'NodeRuntime.waitingForDisconnect') w.close(); }); });
      c.on('exit', (code, signal) => console.log(code, signal, err.replace(/ws:\\S+/, '').replace(/\\nDebugger ending[^]*/, '').trim()));`,
    files: { 'b.cjs': 'console.log("b runs");' },
    threads: 2,
  },
  {
    name: 'waits for a debugger itself',
    source: `${DEBUGGER}
      const c = spawn(process.execPath, ['b.cjs'], { stdio: ['ignore', 'inherit', 'pipe'] }); let err = '';
      c.stderr.on('data', (d) => { err += d; const a = /ws:\\S+(?=\\s)/.exec(err); if (!a || c.ws) return; const w = c.ws = new WebSocket(a[0]); w.on('open', () => { w.send(JSON.stringify({ id: 1, method: 'Runtime.runIfWaitingForDebugger' })); setTimeout(() => w.close(), 300); }); });
      c.on('exit', (code, signal) => console.log(code, signal));`,
    files: { 'b.cjs': 'require("inspector").open(0, undefined, true); console.log("b runs"); require("inspector").close();' },
    threads: 2,
  },
];
