import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { err, ok, type Result } from '../../shared/result';
import { identify } from '../processes/identity';
import type { ProcessIdentity } from '../processes/process-row';
import type { CaptureIssue, ProcessExit } from '../records/capture-issue';
import { passedOn } from './passed-on';

/** A command to run. With `shell`, `command` is a whole command line and `args` is empty. */
export interface LaunchSpec {
  readonly command: string;
  readonly args: readonly string[];
  /** What the program sees as its own name; the command unless said. */
  readonly argv0?: string | undefined;
  readonly shell: boolean;
  readonly cwd: string;
  /** Added to the environment of whoever launches; undefined removes a variable. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the program's standard output goes; its own place unless said. */
  readonly stdout?: 'stderr' | undefined;
  /** The session's folder, which the environment names: whoever ends the program finds by it what has left its tree. */
  readonly session?: string | undefined;
}

export interface LaunchedProcess {
  readonly pid: number;
  /** Undefined where it cannot be told, or the process had ended already. */
  readonly identity: ProcessIdentity | undefined;
  readonly exit: Promise<ProcessExit>;
  /** Signals it by its handle; missing where it is another process's child. */
  signal?(name: NodeJS.Signals): void;
}

/** Runs a command in this process's own terminal; a silent one has no input, and its output goes nowhere. */
export function launch(spec: LaunchSpec, isSilent = false): Promise<Result<LaunchedProcess, CaptureIssue>> {
  // A folder that is gone can be inherited, but not named.
  const isInherited = spec.cwd === workingFolder();
  const isGone = !fs.existsSync(spec.cwd);
  if (isGone && !isInherited) return Promise.resolve(err({ kind: 'working-folder-missing', folder: spec.cwd }));
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const [name, value] of Object.entries(spec.env)) {
    if (value === undefined) delete env[name];
    else env[name] = value;
  }
  const inherited = passedOn();
  // What lies between them is nothing.
  const others = Array.from({ length: Math.max(2, ...inherited) - 2 }, (_, at) => (inherited.includes(at + 3) ? at + 3 : ('ignore' as const)));
  return new Promise((resolve) => {
    const child = spawn(spec.command, spec.args, {
      ...(isInherited ? {} : { cwd: spec.cwd }),
      ...(spec.argv0 === undefined ? {} : { argv0: spec.argv0 }),
      env,
      shell: spec.shell,
      stdio: isSilent ? ['ignore', 'ignore', 'ignore', ...others] : ['inherit', spec.stdout === 'stderr' ? 2 : 'inherit', 'inherit', ...others],
      windowsHide: true,
    });
    const exit = new Promise<ProcessExit>((done) => child.once('exit', (code, signal) => done({ code, signal })));
    child.once('spawn', () => {
      // No worker thread starts in a folder that is gone.
      if (isGone) process.chdir(path.parse(spec.cwd).root);
      const pid = child.pid as number;
      const signal = (name: NodeJS.Signals): void => void child.kill(name);
      void identify(pid).then((found) => {
        // Where identifying takes time, the number of one that has ended may be another's by now.
        const hasEnded = child.exitCode !== null || child.signalCode !== null;
        const identity = hasEnded && process.platform !== 'linux' ? undefined : found;
        resolve(ok({ pid, identity, exit, signal }));
      });
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      const { command } = spec;
      const isHere = fs.existsSync(path.resolve(spec.cwd, command));
      if (isHere && (error.code === 'ENOENT' || error.code === 'EACCES')) resolve(err({ kind: 'not-a-program', file: command }));
      else resolve(err(error.code === 'ENOENT' ? { kind: 'command-not-found', command } : { kind: 'spawn-failed', command, message: error.message }));
    });
  });
}

/** Undefined where it was removed. */
function workingFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}
