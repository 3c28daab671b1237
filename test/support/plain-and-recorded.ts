/**
 * A profiler must not change its subject: runs a program plain and recorded, by the real
 * recorder's session, and gives what can be seen of it from outside.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { openSession, type RecordingSession } from '../../src/capture/session/session';
import { readResults } from '../../src/capture/session/session-results';
import { targetFiles } from '../../src/service/recording/target-files';
import { root } from './run';

export interface Program {
  readonly name: string;
  /** What stands in `a.cjs`, which is run, unless `args` say otherwise. */
  readonly source?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Of Node.js; `a.cjs` unless said. */
  readonly args?: readonly string[];
  /** Instead of Node.js: `sh -c` with this line, in which `$NODE` is Node.js and stands first in PATH as `node`. */
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Given once the recorder hears of the process. */
  readonly input?: string;
  /** Signals that are sent to it once the recorder hears of it, each when it has printed a line more. */
  readonly signals?: readonly NodeJS.Signals[];
  /** Where these Node.js versions alone can do it. */
  readonly only?: (major: number) => boolean;
  /** Processes and threads that have to be in the recording; one unless said. */
  readonly threads?: number;
  /** What is not the same in any two runs. */
  readonly blur?: RegExp;
}

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Pair {
  readonly plain: Outcome;
  readonly recorded: Outcome;
  /** Of the recording. */
  readonly threads: number;
  readonly missed: readonly unknown[];
}

/** No program of a table takes longer, whatever the machine does besides. */
const LIMIT_MS = 40_000;

/** Runs a program plain, then recorded, in the same folder. */
export async function plainAndRecorded(node: string, program: Program, folder: string): Promise<Pair> {
  const bin = path.join(folder, '.node');
  const environment: Record<string, string | undefined> = { ...process.env, PATH: `${bin}:${process.env.PATH}`, NODE: node, ...program.env };
  for (const name of ['NODE_OPTIONS', 'NODE_V8_COVERAGE', 'VITEST', 'NODE_ENV', 'TEST', 'FORCE_COLOR']) {
    if (program.env?.[name] === undefined) delete environment[name];
  }
  const [command, args] = program.shell === undefined ? [node, program.args ?? ['a.cjs']] : ['/bin/sh', ['-c', program.shell]];
  fill(folder, node, program);
  const plain = await outcomeOf(spawn(command, args, { cwd: folder, env: environment }), program, Promise.resolve());
  const opened = await openSession(targetFiles(path.join(root, 'dist')));
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  const session: RecordingSession = opened.value;
  try {
    fill(folder, node, program);
    const spec = session.prepare({ command, args, shell: false, cwd: folder, env: {} }, { interval: 1000, checkpoint: 60 }, environment);
    const child = spawn(spec.command, spec.args, { cwd: folder, env: { ...environment, ...spec.env } });
    const heard = new Promise<void>((resolve) => {
      session.server.onConnect = () => resolve();
      child.once('exit', () => resolve());
    });
    const recorded = await outcomeOf(child, program, heard);
    const { threads, missed } = readResults(session.folder, false);
    return { plain, recorded, threads: threads.filter(({ isWhole }) => isWhole).length, missed };
  } finally {
    session.dispose();
  }
}

/** Only what the program needs is in the folder. */
function fill(folder: string, node: string, { source, files }: Program): void {
  fs.rmSync(folder, { recursive: true, force: true });
  for (const [name, text] of Object.entries({ ...(source === undefined ? {} : { 'a.cjs': source }), ...files })) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  fs.mkdirSync(path.join(folder, '.node'), { recursive: true });
  fs.symlinkSync(node, path.join(folder, '.node', 'node'));
}

function outcomeOf(child: ChildProcess, { input, signals = [], blur, name }: Program, ready: Promise<void>): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    let sent = 0;
    const signal = (): void => {
      while (sent < signals.length && stdout.split('\n').length > sent + 1) child.kill(signals[sent++]);
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`"${name}" does not end\n${stdout}\n${stderr}`));
    }, LIMIT_MS);
    child.once('error', reject);
    child.stdout?.on('data', (chunk) => {
      stdout += chunk;
      void ready.then(signal);
    });
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdin?.on('error', () => {}); // one that reads nothing may have ended
    void ready.then(() => child.stdin?.end(input ?? ''));
    const text = (of: string): string => withoutNumbers(blur ? of.replace(new RegExp(blur, 'g'), '…') : of, child.pid as number);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ stdout: text(stdout), stderr: text(stderr), code, signal });
    });
  });
}

/** Process numbers are never the same. */
const withoutNumbers = (text: string, pid: number): string => text.replace(new RegExp(`\\b${pid}\\b`, 'g'), 'PID').replace(/\(node:\d+\)/g, '(node:PID)');
