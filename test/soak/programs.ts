/** Programs of the soak: each notes in the file `up` when a process or thread of it has begun, and ends by itself after a while. */

const HEAD = `const fs = require('node:fs'); const path = require('node:path');
const LIFE = Number(process.env.SOAK_LIFE), END = process.env.SOAK_END;
const up = () => fs.appendFileSync(path.join(__dirname, 'up'), process.pid + '\\n');
function hot(n) { let sum = 0; for (let i = 0; i < n; i++) sum += Math.sqrt(i) * Math.sin(i); return sum; }
const burn = () => { for (const end = Date.now() + LIFE; Date.now() < end; ) hot(20000); };
const finish = () => { if (END === 'process.exit') process.exit(3); if (END === 'crash') null.crash; };
`;

export interface SoakProgram {
  readonly files: Readonly<Record<string, string>>;
  /** Instead of `node a.cjs`. */
  readonly command?: readonly string[];
  /** Processes and threads of it. */
  readonly threads: number;
  /** Some of them compute all the time. */
  readonly isBusy: boolean;
}

const worker = (body: string): Record<string, string> => ({ 'w.cjs': `${HEAD}const { parentPort } = require('node:worker_threads');\n${body}` });

export const soakPrograms: Readonly<Record<string, SoakProgram>> = {
  busy: { files: { 'a.cjs': `${HEAD}up(); burn(); finish();` }, threads: 1, isBusy: true },
  idle: { files: { 'a.cjs': `${HEAD}up(); setTimeout(finish, LIFE);` }, threads: 1, isBusy: false },
  workers: {
    files: {
      'a.cjs': `${HEAD}const { Worker } = require('node:worker_threads'); up(); for (let i = 0; i < 2; i++) new Worker(path.join(__dirname, 'w.cjs')); setTimeout(finish, LIFE);`,
      ...worker('up(); burn();'),
    },
    threads: 3,
    isBusy: true,
  },
  'workers that are terminated': {
    files: {
      'a.cjs': `${HEAD}const { Worker } = require('node:worker_threads'); up();
        const all = [0, 1, 2].map((kind) => new Worker(path.join(__dirname, 'w.cjs'), { workerData: kind }));
        setTimeout(async () => { await Promise.all(all.map((one) => one.terminate())); finish(); }, LIFE);`,
      ...worker(`const { workerData } = require('node:worker_threads'); up();
        if (workerData === 0) for (;;) hot(20000); if (workerData === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); setInterval(() => {}, 1000);`),
    },
    threads: 4,
    isBusy: true,
  },
  'pool of threads': {
    files: {
      'a.cjs': `${HEAD}const { Worker } = require('node:worker_threads'); up(); const all = [1, 2].map(() => new Worker(path.join(__dirname, 'w.cjs')));
        for (const one of all) { one.on('message', () => one.postMessage(1)); one.postMessage(1); }
        setTimeout(() => { for (const one of all) one.unref(); finish(); }, LIFE);`,
      ...worker(`up(); parentPort.on('message', () => { hot(200000); parentPort.postMessage(1); });`),
    },
    threads: 3,
    isBusy: true,
  },
  forks: {
    files: {
      'a.cjs': `${HEAD}const { fork } = require('node:child_process'); up(); for (let i = 0; i < 2; i++) fork(path.join(__dirname, 'b.cjs')); setTimeout(finish, LIFE);`,
      'b.cjs': `${HEAD}up(); process.on('disconnect', () => process.exit()); setInterval(() => hot(200000), 5); setTimeout(() => process.exit(), LIFE);`,
    },
    threads: 3,
    isBusy: true,
  },
  cluster: {
    files: {
      'a.cjs': `${HEAD}const cluster = require('node:cluster'); up();
        if (cluster.isPrimary) { for (let i = 0; i < 2; i++) cluster.fork(); setTimeout(() => { for (const one of Object.values(cluster.workers)) one.kill(); finish(); }, LIFE); }
        else { require('node:http').createServer(() => {}).listen(0); setInterval(() => hot(200000), 5); }`,
    },
    threads: 3,
    isBusy: true,
  },
  launcher: {
    files: {
      'a.cjs': `${HEAD}up(); require('node:child_process').spawnSync(process.execPath, [path.join(__dirname, 'b.cjs')]); finish();`,
      'b.cjs': `${HEAD}up(); burn();`,
    },
    threads: 2,
    isBusy: true,
  },
  'shell script': {
    files: {
      'a.cjs': `${HEAD}up(); burn(); finish();`,
      'a.sh': 'export NODE_OPTIONS=--no-warnings\nenv -i PATH="$PATH" SOAK_LIFE="$SOAK_LIFE" SOAK_END="$SOAK_END" node a.cjs\n',
    },
    command: ['sh', 'a.sh'],
    threads: 1,
    isBusy: true,
  },
};
