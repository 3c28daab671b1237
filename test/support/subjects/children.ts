import type { Program } from '../plain-and-recorded';

const CHILD = `console.log(JSON.stringify([process.execArgv, process.argv.slice(2), process.env.NODE_OPTIONS, Object.entries(process.env).sort().join(), typeof process.send]));`;

/** Processes that start others, in every way there is. */
export const children: readonly Program[] = [
  {
    name: 'spawnSync',
    source: `const r = require('child_process').spawnSync(process.execPath, ['b.cjs', 'x']); console.log(String(r.stdout), String(r.stderr), r.status, r.signal);`,
    files: { 'b.cjs': CHILD },
    threads: 2,
  },
  {
    name: 'spawnSync with a time limit',
    source: `const r = require('child_process').spawnSync(process.execPath, ['-e', 'for(;;);'], { timeout: 1500 }); console.log(String(r.stderr), r.status, r.signal, r.error.code);`,
    threads: 2,
  },
  {
    name: 'execFile with a time limit, busy',
    source: `require('child_process').execFile(process.execPath, ['-e', 'for(;;);'], { timeout: 1500 }, (e, out, err) => console.log(e.killed, e.signal, e.code, err));`,
    threads: 2,
  },
  {
    name: 'an AbortSignal',
    source: `require('child_process').execFile(process.execPath, ['-e', 'setInterval(()=>{},1e3)'], { signal: AbortSignal.timeout(1500) }, (e, out, err) => console.log(e.name, e.code)).on('exit', (c, s) => console.log(c, s));`,
    threads: 2,
  },
  {
    name: 'no environment',
    source: `console.log(String(require('child_process').spawnSync(process.execPath, ['b.cjs'], { env: {} }).stdout));`,
    files: { 'b.cjs': CHILD },
    threads: 2,
  },
  {
    name: 'env -i',
    source: `console.log(String(require('child_process').execFileSync('env', ['-i', 'PATH=' + process.env.PATH, 'node', 'b.cjs'])));`,
    files: { 'b.cjs': CHILD },
    threads: 1,
  },
  { name: 'a filter that keeps PATH alone', shell: 'env -i PATH="$PATH" sh -c "exec node b.cjs y"', files: { 'b.cjs': CHILD } },
  {
    name: 'NODE_OPTIONS replaced by a shell',
    shell: 'NODE_OPTIONS=--no-warnings node b.cjs && export NODE_OPTIONS=--no-deprecation && node b.cjs && unset NODE_OPTIONS && node b.cjs',
    files: { 'b.cjs': CHILD },
    threads: 3,
  },
  {
    name: 'NODE_OPTIONS replaced by a launcher',
    source: `process.env.NODE_OPTIONS = '--max-old-space-size=300'; const r = require('child_process').spawnSync('node', ['b.cjs'], { stdio: 'inherit' }); process.exit(r.status);`,
    files: { 'b.cjs': CHILD },
    threads: 2,
  },
  {
    name: 'NODE_OPTIONS in the options',
    source: `require('child_process').spawnSync('node', ['b.cjs'], { stdio: 'inherit', env: { ...process.env, NODE_OPTIONS: '--no-warnings' } });`,
    files: { 'b.cjs': CHILD },
    threads: 2,
  },
  { name: 'a script with a shebang', shell: 'chmod +x b; ./b 1 2', files: { b: `#!/usr/bin/env node\n${CHILD}` } },
  { name: 'a script with a shebang, without NODE_OPTIONS', shell: 'chmod +x b; env -i PATH="$PATH" ./b 1 2', files: { b: `#!/usr/bin/env node\n${CHILD}` } },
  {
    name: 'fork and messages',
    source: `const c = require('child_process').fork('b.cjs', ['q'], { execArgv: ['--no-warnings'] }); c.on('message', (m) => { console.log(m); c.send('end'); }); c.on('exit', (a, b) => console.log(a, b));`,
    files: { 'b.cjs': `${CHILD} process.send({ hi: process.execArgv }); process.on('message', () => process.disconnect());` },
    threads: 2,
  },
  {
    name: 'fork with advanced messages',
    source: `const c = require('child_process').fork('b.cjs', { serialization: 'advanced', env: { A: '1' } }); c.on('message', (m) => { console.log(m); c.disconnect(); });`,
    files: { 'b.cjs': `process.send(new Map([[1, process.env.A]]));` },
    threads: 2,
  },
  {
    name: 'fork and a kill',
    source: `const c = require('child_process').fork('b.cjs'); c.on('message', () => setTimeout(() => c.kill(), 1000)); c.on('exit', (a, b) => console.log(a, b));`,
    files: { 'b.cjs': `process.send(1); setInterval(() => {}, 1000);` },
    threads: 2,
  },
  {
    name: 'fork and a kill while it computes',
    source: `const c = require('child_process').fork('b.cjs'); c.on('message', () => setTimeout(() => c.kill('SIGTERM'), 1000)); c.on('exit', (a, b) => console.log(a, b));`,
    files: { 'b.cjs': `process.send(1, () => { for (const end = Date.now() + 8000; Date.now() < end; ); });` },
    threads: 2,
  },
  {
    name: 'cluster',
    source: `const c = require('cluster'); if (c.isPrimary) { for (let i = 0; i < 3; i++) c.fork({ N: String(i) }); const out = []; c.on('message', (w, m) => out.push(m)); c.on('exit', (w, code, signal) => { out.push([w.id, code, signal]); if (out.length === 6) console.log(JSON.stringify(out.map(String).sort())); }); }
      else process.send([c.worker.id, process.env.N, process.execArgv.join()], () => process.env.N === '2' ? process.kill(process.pid) : process.exit(+process.env.N));`,
    threads: 4,
  },
  {
    name: 'a command that is not there',
    source: `const cp = require('child_process'); cp.spawn('no-such-thing').on('error', (e) => console.log(e.message, e.path, e.spawnargs)); try { cp.execFileSync('no-such-thing'); } catch (e) { console.log(e.message); }`,
  },
  {
    name: 'errors of spawn',
    source: `const cp = require('child_process'); for (const f of [() => cp.spawn(''), () => cp.spawn('node', 'x'), () => cp.spawn('node', [], { cwd: 5 })]) try { f(); } catch (e) { console.log(e.stack); }`,
  },
  {
    name: 'a failing command',
    source: `try { require('child_process').execSync('node -e "process.exit(4)"'); } catch (e) { console.log(e.status, e.message); }`,
    threads: 2,
  },
  {
    name: 'a folder that is not there',
    source: `require('child_process').spawn('node', ['-e', '0'], { cwd: '/nowhere/at/all' }).on('error', (e) => console.log(e.code, e.message));`,
  },
  {
    name: 'argv0, detached, stdio',
    source: `const c = require('child_process').spawn(process.execPath, ['-p', 'process.argv0'], { argv0: 'mine', detached: true, stdio: ['ignore', 'pipe', 'inherit', 'pipe'] }); c.stdout.on('data', (d) => process.stdout.write(d)); c.on('close', (a) => console.log(a, c.stdio.length));`,
    threads: 2,
  },
  {
    name: 'a shell within',
    source: `console.log(String(require('child_process').execSync('node b.cjs; echo $?; cd / && pwd')));`,
    files: { 'b.cjs': CHILD },
    threads: 2,
  },
  {
    name: 'three deep',
    source: `const n = Number(process.argv[2] ?? 3); if (n > 0) require('child_process').spawnSync(process.execPath, [__filename, n - 1], { stdio: 'inherit', env: {} }); else console.log('deep');`,
    threads: 4,
  },
  {
    name: 'many at once',
    source: `const cp = require('child_process'); let left = 12; for (let i = 0; i < 12; i++) cp.execFile(process.execPath, ['-p', i * 2], (e, out) => { if (e) console.log(e); if (--left === 0) console.log('all'); });`,
    threads: 13,
  },
  {
    name: 'process.execve',
    source: `if (process.argv[2]) console.log('second', process.argv, process.env.NODE_OPTIONS, Object.keys(process.env)); else process.execve(process.execPath, [process.execPath, __filename, 'x'], { A: '1', PATH: process.env.PATH });`,
    only: (major) => major >= 24,
    blur: /\(node:.*\n.*\n/,
    threads: 2,
  },
  {
    name: 'waits for a program that is not Node.js',
    source: `console.log(String(require('child_process').execFileSync('sh', ['-c', 'sleep 0.3; echo hi'])));`,
  },
  {
    name: 'the parent ends before its child',
    source: `require('child_process').spawn(process.execPath, ['-e', 'setTimeout(() => console.log("late"), 300)'], { stdio: 'inherit' }).unref(); process.exit(0);`,
    threads: 2,
  },
];
