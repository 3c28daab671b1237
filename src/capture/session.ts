import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { err, ok, type Result } from '../shared/result';
import type { CaptureIssue } from './capture-issue';
import { type Environment, type Reach, reachChild } from './child-environment';
import { nodeInFront } from './node-in-front';
import { privateFolder, removeStale } from './private-folder';
import { runtimeFolder, runtimesInFront } from './runtime-in-front';
import { bunOptions } from './runtime-options';
import { type SessionServer, serveSession } from './session-server';
import type { LaunchSpec } from './spawn';
import { type SessionFile, sessionFile } from './target/session-file';

/** Files that are loaded into a target: `hook.cjs`, `agent.cjs`, `vitals.cjs`, `typescript.cjs`, `hooks-thread.mjs`, `loop.mjs`; and esbuild's main file. */
export interface TargetFiles {
  readonly folder: string;
  readonly esbuild: string;
}

/** What is to be recorded of each process. */
export type SessionJob = Omit<SessionFile, 'socket' | 'files'>;

/** A private folder of one recording: what reaches its processes lies in it, and what they write. */
export interface RecordingSession {
  readonly folder: string;
  /** Where the loader keeps what it made of TypeScript. */
  readonly transpiled: string;
  readonly server: SessionServer;
  /** What to launch, so that each of its processes does the job. `environment` is what it will run in, without what `spec` adds. */
  prepare(spec: LaunchSpec, job: SessionJob, environment: Environment): LaunchSpec;
  /** Removes the folder. Where something runs on that was started in this session, what its environment names stays until the next start, empty. */
  dispose(hasDaemons?: boolean): void;
}

/** Where the loader of a session keeps what it made of TypeScript. */
export const transpiledFolder = (session: string): string => path.join(session, 'js');

export async function openSession(files: TargetFiles): Promise<Result<RecordingSession, CaptureIssue>> {
  void removeStale(); // what a recorder left that was killed
  const made = privateFolder('plateau-');
  if (!made.ok) return made;
  const folder = made.value;
  const address = process.platform === 'win32' ? `\\\\.\\pipe\\plateau-${randomBytes(12).toString('hex')}` : path.join(folder, 's');
  const transpiled = transpiledFolder(folder);
  let server: SessionServer;
  try {
    fs.mkdirSync(transpiled);
    for (const name of ['hook.cjs', 'agent.cjs']) fs.copyFileSync(path.join(files.folder, name), path.join(folder, name));
    server = await serveSession(address);
  } catch (error) {
    fs.rmSync(folder, { recursive: true, force: true });
    const { code = '', message } = error as NodeJS.ErrnoException;
    // It could be made: what is in it finds no room.
    return err({ kind: 'unkept', what: 'the recording', code, message, spare: os.tmpdir() });
  }
  const reach: Reach = { hook: path.join(folder, 'hook.cjs'), bin: nodeInFront(folder) };

  return ok({
    folder,
    transpiled,
    server,
    prepare(spec, job, environment) {
      const file: SessionFile = { ...job, socket: address, files: files.folder };
      fs.writeFileSync(sessionFile(folder), JSON.stringify(file), { mode: 0o600 });
      const whole = { ...environment, ...spec.env };
      if (!job.isHeap) runtimesInFront(folder, reach.bin, job.interval);
      const bun = job.isHeap ? undefined : bunOptions(runtimeFolder(folder, 'bun'), job.interval);
      const given: Environment = { NODE_OPTIONS: whole.NODE_OPTIONS, PATH: whole.PATH, ...(bun === undefined ? {} : { BUN_OPTIONS: whole.BUN_OPTIONS }) };
      const child = spec.shell ? { file: '', args: [], cwd: spec.cwd } : { file: spec.command, args: spec.args, cwd: spec.cwd };
      const reached = reachChild(child, given, { ...reach, bun });
      if (reached.isForbidden) {
        fs.writeFileSync(path.join(folder, 'launched.skipped.json'), JSON.stringify({ reason: 'permission-model', argv: [spec.command, ...spec.args] }));
      }
      const command = spec.shell ? {} : { command: reached.file, argv0: spec.command };
      return { ...spec, ...command, env: { ...spec.env, ...reached.environment } };
    },
    dispose(hasDaemons = false) {
      server.close();
      if (hasDaemons) emptySession(folder);
      else fs.rmSync(folder, { recursive: true, force: true });
    },
  });
}

/** What a daemon starts later finds a hook that does nothing; without one, Node.js would refuse to run. */
function emptySession(folder: string): void {
  try {
    fs.writeFileSync(path.join(folder, 'hook.cjs'), '');
    for (const name of fs.readdirSync(folder)) {
      if (name !== 'hook.cjs' && name !== 'bin' && name !== 'owner.json') fs.rmSync(path.join(folder, name), { recursive: true, force: true });
    }
  } catch {
    // Somebody else has removed it.
  }
}
