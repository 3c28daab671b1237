/** Every end of a program is what it is without Plateau, and keeps its profile. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { inNamespace, noNamespaces } from '../support/pid-namespace';
import { hotFor, keptIn, recordCommand } from '../support/recorded';
import { cli, type Folder, nodes, plateau, temporaryFolder, until } from '../support/run';

const folders: Folder[] = [];
const folder = (files: Record<string, string>): Folder => {
  const made = temporaryFolder(files);
  folders.push(made);
  return made;
};
afterAll(() => {
  for (const one of folders) one.remove();
});

const hot = ({ self }: { readonly self: ReadonlyMap<string, number> }): number => self.get('hot') ?? 0;

describe.each(nodes())('processes and threads, $version', ({ version, path: node }) => {
  test('a launcher that waits in spawnSync is not taken for the busiest', async () => {
    const { path: cwd } = folder({
      'busy.js': hotFor(2000),
      'launcher.js': `process.exit(require('node:child_process').spawnSync(process.execPath, ['busy.js'], { stdio: 'inherit' }).status);`,
    });
    const { threads } = await recordCommand(cwd, [node, 'launcher.js']);
    expect(threads.map(({ name }) => name)).toEqual(['busy.js', 'launcher.js']);
    const [busy, launcher] = threads as [(typeof threads)[0], (typeof threads)[0]];
    expect(hot(busy)).toBeGreaterThan(1000);
    // What the launcher waits is no work, and what is not waited for is little.
    expect(launcher.waiting).toBeGreaterThan(1500);
    expect(launcher.active - launcher.waiting).toBeLessThan(busy.active / 2);
  });

  test.skipIf(process.platform === 'win32')('SIGTERM ends a child that computes, which is told as without Plateau', async () => {
    const { path: cwd } = folder({
      'parent.js': `require('node:child_process').execFile(process.execPath, ['child.js'], { timeout: 1500 }, (error, stdout, stderr) => console.log(JSON.stringify([error?.killed, error?.signal, error?.code, stderr, stdout])));`,
      'child.js': `console.log('up'); ${hotFor(30_000)} console.log('too late');`,
    });
    const { stdout, threads } = await recordCommand(cwd, [node, 'parent.js']);
    expect(stdout).toContain('[true,"SIGTERM",null,"","up\\n"]');
    expect(threads[0]?.name).toBe('child.js');
    expect(hot(threads[0] as (typeof threads)[0])).toBeGreaterThan(200);
  });

  test.skipIf(process.platform === 'win32').each([
    ['blocked in a read', `require('fs').readSync(0, Buffer.alloc(10));`],
    ['busy in native code', `require('crypto').pbkdf2Sync('a', 'b', 1e8, 64, 'sha512');`],
  ])('SIGTERM ends a child that is %s, and what it did before is kept', async (_, block) => {
    const { path: cwd } = folder({
      'parent.js': `const child = require('node:child_process').spawn(process.execPath, ['child.js'], { stdio: ['pipe', 'pipe', 'inherit'] }); child.stdout.on('data', () => setTimeout(() => child.kill('SIGTERM'), 500)); child.on('exit', (code, signal) => console.log('ended', code, signal));`,
      'child.js': `${hotFor(2500)} require('fs').writeSync(1, 'blocks'); ${block} require('fs').writeSync(1, 'too late');`,
    });
    const { stdout, threads } = await recordCommand(cwd, [node, 'parent.js']);
    expect(stdout).toContain('ended null SIGTERM');
    expect(threads[0]?.name).toBe('child.js');
    expect(hot(threads[0] as (typeof threads)[0])).toBeGreaterThan(100);
  });

  test.skipIf(process.platform !== 'linux')('ends of which nobody hears: an abort at an error, a limit of time', async () => {
    const { path: cwd } = folder({ 'a.js': `${hotFor(1500)} null.x;`, 'b.js': hotFor(20_000) });
    const { threads } = await recordCommand(cwd, [
      'sh',
      '-c',
      `ulimit -c 0; "${node}" --abort-on-uncaught-exception a.js; echo $?; ulimit -t 2; "${node}" b.js; true`,
    ]);
    expect(threads.map(({ name, ...one }) => [name, hot(one) > 200]).sort()).toEqual([
      ['a.js', true],
      ['b.js', true],
    ]);
  });

  test('every worker thread is kept, also of a pool that waits and is terminated, and workers of workers', async () => {
    const { path: cwd } = folder({
      'pool.js': `const { Worker } = require('node:worker_threads');
        (async () => {
          const run = (file, workerData) => new Promise((resolve) => { const w = new Worker(file, { workerData, name: 'pool ' + workerData }); w.on('message', () => resolve(w)); });
          const all = await Promise.all([run('./task.js', 1), run('./task.js', 2), run('./nested.js', 3)]);
          await Promise.all(all.map((one) => one.terminate()));
        })();`,
      'task.js': `const { parentPort } = require('node:worker_threads'); ${hotFor(300)} parentPort.postMessage(1); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);`,
      'nested.js': `const { Worker, parentPort } = require('node:worker_threads'); new Worker('./leaf.js').on('exit', () => parentPort.postMessage(1));`,
      'leaf.js': hotFor(300, 'leaf'),
    });
    const { threads } = await recordCommand(cwd, [node, 'pool.js']);
    expect(threads.map(({ name }) => name).sort()).toEqual(['leaf.js', 'pool 1', 'pool 2', 'pool 3', 'pool.js']);
    expect(
      threads
        .filter((one) => hot(one) > 50)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['pool 1', 'pool 2']);
    expect(threads.find(({ name }) => name === 'leaf.js')?.self.get('leaf')).toBeGreaterThan(50);
  });

  test.skipIf(process.platform === 'win32')('a worker of a test runner that gets half a second to end, on a busy machine', async () => {
    const { path: cwd } = folder({
      // As jest-worker ends its workers: a message, SIGTERM after 500 ms, SIGKILL after another 500.
      'runner.js': `const { fork, spawn } = require('node:child_process');
        const load = [1, 2, 3].map(() => spawn(process.execPath, ['-e', 'for (const end = Date.now() + 20000; Date.now() < end; );'], { env: { PATH: '/nowhere' } }));
        let left = 2;
        for (const name of ['a', 'b']) { const w = fork('worker.js'); let forced = false;
          w.on('message', () => { w.send('end'); const term = setTimeout(() => { forced = true; w.kill('SIGTERM'); }, 500); const kill = setTimeout(() => w.kill('SIGKILL'), 1000);
            w.on('exit', (code, signal) => { clearTimeout(term); clearTimeout(kill); console.log('worker', code, signal, forced); if (--left === 0) for (const one of load) one.kill('SIGKILL'); }); }); }`,
      'worker.js': `${hotFor(600)} const kept = []; for (let i = 0; i < 3000; i++) kept.push(new Function('x', 'return x + ' + i)(i)); process.on('message', () => process.exit(0)); process.send('done');`,
    });
    const { threads, stderr } = await recordCommand(cwd, [node, 'runner.js']);
    expect(threads.filter(({ name }) => name === 'worker.js').map((one) => hot(one) > 50)).toEqual([true, true]);
    expect(stderr).not.toMatch(/2 processes died/);
  });

  test.skipIf(process.platform === 'win32')('a graceful shutdown that does not come about, and the second Ctrl+C', async () => {
    const { path: cwd } = folder({
      'server.mjs': `import fs from 'node:fs'; import http from 'node:http'; const server = http.createServer(() => {}).listen(0, () => fs.writeFileSync('up', String(process.pid)));
        process.once('SIGINT', () => { server.close(); fs.writeFileSync('first', ''); });
        ${hotFor(0)} setInterval(() => hot(2e6), 5);`,
    });
    const at = (name: string): string => path.join(cwd, name);
    const { stderr, threads } = await recordCommand(cwd, [node, 'server.mjs'], {
      run: {
        isGroup: true,
        async onStart(_, kill) {
          await until(() => existsSync(at('up')) && readFileSync(at('up'), 'utf8') !== '');
          await new Promise((resolve) => setTimeout(resolve, 1000));
          kill('SIGINT');
          await until(() => existsSync(at('first')));
          await new Promise((resolve) => setTimeout(resolve, 1500));
          kill('SIGINT');
        },
      },
    });
    expect(stderr).toContain('goes on after Ctrl+C');
    expect(hot(threads[0] as (typeof threads)[0])).toBeGreaterThan(200);
  });

  test('a profile of many parts is one: nothing is lost between them', async () => {
    // Many distinct paths of calls: it grows by megabytes a second.
    const { path: cwd } = folder({
      'deep.js': `const fns = []; for (let i = 0; i < 40; i++) fns.push(new Function('walk', 'd', 'seed', '/*' + i + '*/ let s = 0; for (let k = 0; k < 300; k++) s += Math.sqrt(k + seed); return s + walk(d - 1, seed * 1103515245 + 12345 + ' + i + ' >>> 0);'));
        function walk(d, seed) { return d <= 0 ? seed : fns[(seed >>> 8) % 40](walk, d, seed); }
        let c = 0, seed = 1; for (const end = Date.now() + 6000; Date.now() < end; c++) { seed = (seed * 69069 + c) >>> 0; walk(60 + (seed >>> 5) % 40, seed); }`,
    });
    const { threads } = await recordCommand(cwd, [node, 'deep.js'], { args: ['--interval', '400'] });
    expect(threads).toHaveLength(1);
    expect(threads[0]?.duration).toBeGreaterThan(5900);
    // What V8 and the hook need to hand over parts, of a program that makes megabytes of profile a second, counts as idle.
    expect(threads[0]?.active).toBeGreaterThan(2500);
  });

  test.skipIf(process.platform === 'win32' || !/^v(?:24|25|26)/.test(version))('process.execve: both programs of one process', async () => {
    const { path: cwd } = folder({
      'a.mjs': `if (!process.env.SECOND) { ${hotFor(200, 'first')} process.execve(process.execPath, [process.execPath, process.argv[1]], { ...process.env, SECOND: '1' }); } ${hotFor(200, 'second')}`,
    });
    const { threads } = await recordCommand(cwd, [node, 'a.mjs']);
    expect(threads).toHaveLength(2);
    expect(threads[0]?.pid).toBe(threads[1]?.pid);
    expect(threads.map(({ self }) => [(self.get('first') ?? 0) > 80, (self.get('second') ?? 0) > 80]).sort()).toEqual([
      [false, true],
      [true, false],
    ]);
  });
});

describe.skipIf(noNamespaces)('nothing that is not ours is touched', () => {
  const record = `"${process.execPath}" "${cli}" record --force --out p.cpuprofile --`;
  const sleepers = 'for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 300 & done';
  const left = 'echo "victims $(pgrep -cx sleep)"';

  test('a program in a pid namespace of its own, where its numbers are those of others', async () => {
    const { path: cwd } = folder({ 'busy.js': hotFor(400) });
    const printed = await inNamespace(`${sleepers}; ${record} unshare -pf --mount-proc sh -c 'true; true; node -p "0"; node busy.js; true'; ${left}`, { cwd });
    expect(printed).toContain('victims 12');
    expect(hot(keptIn(path.join(cwd, 'p.cpuprofile')).threads[0] as never)).toBeGreaterThan(200);
  });

  test('two sandboxes one after the other, with the same numbers', async () => {
    const { path: cwd } = folder({ 'busy.js': hotFor(300) });
    await inNamespace(`${record} sh -c 'for i in 1 2; do unshare -pf --mount-proc sh -c "true; node busy.js; true"; done'`, { cwd });
    const { threads } = keptIn(path.join(cwd, 'p.cpuprofile'));
    expect(threads.map((one) => hot(one) > 150)).toEqual([true, true]);
    expect(threads[0]?.pid).toBe(threads[1]?.pid);
  });

  test('a child whose number another process has taken since', async () => {
    const { path: cwd } = folder({
      'reuse.js': `const child = require('node:child_process').spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }); child.on('exit', () => { require('node:fs').writeFileSync('child.pid', child.pid + '\\n'); setTimeout(() => {}, 3000); });`,
    });
    const script = `${record} node reuse.js & R=$!
      until [ -s child.pid ]; do sleep 0.05; done; X=$(cat child.pid)
      for t in 1 2 3 4 5 6 7 8 9; do echo $((X-1)) > /proc/sys/kernel/ns_last_pid; sleep 300 & S=$!; [ $S = $X ] && break; kill $S; done
      [ $S = $X ] && echo taken; wait $R; kill -0 $S && echo alive`;
    expect(await inNamespace(script, { cwd })).toMatch(/taken\n(?:.*\n)*alive/);
  });

  test('a recorder that is killed: its children start and end, and the next recording removes what it left', async () => {
    const { path: cwd } = folder({
      'spawner.js': `const { spawn } = require('node:child_process'); const fs = require('node:fs'); let n = 0;
        const next = () => spawn(process.execPath, ['-e', 'process.stdout.write("child ok")'], { stdio: ['ignore', 'pipe', 'ignore'] }).on('exit', (code) => { fs.appendFileSync('ended', code + '\\n'); if (++n < 8) setTimeout(next, 150); }); next();`,
    });
    const script = `mkdir t; TMPDIR="$PWD/t" ${record} node spawner.js & R=$!
      until [ -s ended ]; do sleep 0.05; done; sleep 0.3; kill -9 $R; wait $R
      until [ "$(wc -l < ended)" = 8 ]; do sleep 0.1; done; sleep 1; echo "codes $(sort -u ended | tr '\\n' ' ') still $(pgrep -cx node)"`;
    expect(await inNamespace(script, { cwd })).toContain('codes 0  still 0');
    expect(readdirSync(path.join(cwd, 't')).filter((name) => name.startsWith('plateau-'))).toHaveLength(1);
  });
});

test('output of the program and of Plateau do not mix: --json is one object', async () => {
  const { path: cwd } = folder({ 'a.js': `process.stderr.write('own error\\n'); ${hotFor(100)}` });
  const { stdout } = await plateau(['record', '--json', '--force', '--out', 'p.cpuprofile', '--', 'node', 'a.js'], { cwd });
  expect((JSON.parse(stdout) as { file: string }).file).toBe('p.cpuprofile');
});
