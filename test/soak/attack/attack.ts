/** Runs many cases in batches, each a process with a limit of time a case and of memory. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { root } from '../../support/run';
import type { Row } from './batch';
import { kindOf } from './make-case';
import { type Range, rangesLeft } from './state';

/** Cases of one process: what it keeps of one must not add up. */
const BATCH = 20_000;
/** Nothing takes so long but what hangs; the machine may be busy. */
const MOST_SECONDS = 60;
/** So many processes in a row may end with their first case; more say that the suite itself is broken. */
const MOST_BARREN = 10;
/** Beyond this a process is ended at once. */
const MOST_MEGABYTES = 2500;

export interface AttackOptions {
  readonly first: number;
  readonly count: number;
  readonly lanes: number;
  /** A part of the names of kinds; others are left out. */
  readonly only?: string;
  /** Nothing is changed, and each seed from 0 on stands for a kind. */
  readonly isWhole?: boolean;
  /** Seeds that need no run any more. */
  readonly done?: readonly Range[];
  /** In the order of seeds within a range. */
  readonly onRow: (row: Row) => void;
  /** All rows of a range have come. */
  readonly onRange?: (range: Range) => void;
}

async function bundled(folder: string, name: 'batch' | 'guard', format: 'cjs' | 'esm' = 'cjs'): Promise<string> {
  const outfile = path.join(folder, `${name}.${format === 'cjs' ? 'cjs' : 'mjs'}`);
  const define = { 'import.meta.dirname': JSON.stringify(path.join(root, 'test', 'support')) };
  const entryPoints = [path.join(root, 'test/soak/attack', `${name}.ts`)];
  await esbuild.build({ entryPoints, bundle: true, platform: 'node', format, outfile, define, external: ['esbuild'], logLevel: 'error' });
  return outfile;
}

/** Builds the guard into a folder; gives the url for `--import`. As a module: what is required before the program makes Node.js read the package.json of the working folder. */
export const guardIn = async (folder: string): Promise<string> => pathToFileURL(await bundled(folder, 'guard', 'esm')).href;

const isThere = (folder: string): boolean => fs.existsSync(folder);

/** A row for each seed. */
export async function attack(options: AttackOptions): Promise<void> {
  const { first, count, lanes, only = '', isWhole = false, done = [], onRow, onRange } = options;
  const folder = fs.mkdtempSync(path.join(isThere('/dev/shm') ? '/dev/shm' : os.tmpdir(), 'plateau-attack-'));
  const left = rangesLeft([first, first + count], done, Math.min(BATCH, Math.ceil(count / lanes)));
  let made = 0;
  let barren = 0;
  try {
    const [batch, guard] = await Promise.all([bundled(folder, 'batch'), guardIn(folder)]);
    const lane = async (): Promise<void> => {
      for (let range = left.shift(); range; range = left.shift()) {
        const [from, to] = range;
        // A case that ends its process costs itself; the batch goes on behind it.
        for (let at = from; at < to; ) at = await runFrom(at, to);
        onRange?.(range);
      }
    };
    const runFrom = (from: number, to: number): Promise<number> => {
      const own = path.join(folder, `lane-${made++}`);
      return batchProcess({ batch, guard, own, from, to, isWhole, only }, (row, isOwn) => {
        barren = isOwn ? 0 : barren + 1;
        if (barren > MOST_BARREN) throw new Error(`no batch gets anywhere: ${row.problems[0]}`);
        onRow(row);
      });
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

interface Batch {
  readonly batch: string;
  readonly guard: string;
  /** Folder of its own. */
  readonly own: string;
  readonly from: number;
  /** Behind the last. */
  readonly to: number;
  readonly isWhole: boolean;
  readonly only: string;
}

/** Resolves to the seed to go on with. */
function batchProcess({ batch, guard, own, from, to, isWhole, only }: Batch, onRow: (row: Row, isOwn: boolean) => void): Promise<number> {
  fs.mkdirSync(own);
  const env = { ...process.env, ATTACK_ROOT: own, HOME: path.join(own, 'home'), TMPDIR: path.join(own, 'tmp'), NODE_OPTIONS: '', NO_COLOR: '1' };
  const args = [
    '--max-old-space-size=2000',
    // What most cases leave is not worth a search for what is used.
    '--min-semi-space-size=16',
    '--initial-old-space-size=300',
    // Each process begins cold.
    '--always-sparkplug',
    '--import',
    guard,
    batch,
    path.join(root, 'dist'),
    guard,
    own,
    String(from),
    String(to - from),
    isWhole ? '1' : '',
    only,
  ];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe', 'pipe'], detached: true });
  return new Promise((resolve) => {
    let at = from;
    let stderr = '';
    let reason: string | undefined;
    let clock: NodeJS.Timeout;
    const stop = (why: string): void => {
      reason ??= why;
      endGroup(child.pid);
    };
    const wind = (): void => {
      clearTimeout(clock);
      clock = setTimeout(() => stop(`not done after ${MOST_SECONDS} s`), MOST_SECONDS * 1000);
    };
    wind();
    const watch = setInterval(() => {
      const megabytes = residentMegabytes(child.pid);
      if (megabytes > MOST_MEGABYTES) stop(`${Math.round(megabytes)} MB`);
    }, 100);
    child.stderr?.on('data', (chunk) => (stderr = (stderr + chunk).slice(-4000)));
    let rest = '';
    (child.stdio[3] as NodeJS.ReadableStream).on('data', (chunk) => {
      wind();
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() as string;
      for (const line of lines) {
        const row = JSON.parse(line) as Row;
        at = row.seed + 1;
        onRow(row, true);
      }
    });
    child.once('close', (code, signal) => {
      clearTimeout(clock);
      clearInterval(watch);
      endGroup(child.pid);
      fs.rmSync(own, { recursive: true, force: true });
      if (at >= to || (code === 0 && reason === undefined)) return resolve(to);
      const problems = [reason ?? `the process has ended: code ${code}, signal ${signal} ${stderr.slice(-900)}`];
      const ms = reason?.includes('not done') ? MOST_SECONDS * 1000 : 0;
      onRow({ seed: at, kind: kindOf(at).name, change: 'structure', packing: 'plain', outcome: 'refused', ms, cpuMs: 0, megabytes: 0, problems }, false);
      resolve(at + 1);
    });
  });
}

/** The batch and its language server: the group is its own. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

function residentMegabytes(pid: number | undefined): number {
  try {
    return (Number(fs.readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * 4096) / 2 ** 20;
  } catch {
    return 0; // not Linux, or it has ended
  }
}
