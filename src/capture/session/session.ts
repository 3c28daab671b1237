import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { err, ok, type Result } from '../../shared/result';
import { type Environment, type Reach, reachChild } from '../environment/child-environment';
import { besideNode } from '../environment/node-in-front';
import { runtimeFolder, runtimesInFront } from '../environment/runtime-in-front';
import { bunOptions } from '../environment/runtime-options';
import type { SkippedProcess } from '../records/announcement';
import type { CaptureIssue } from '../records/capture-issue';
import { type SessionFile, sessionFile } from '../records/session-file';
import { type SessionFolders, sessionFolders } from './session-folders';
import { type SessionServer, serveSession } from './session-server';
import type { LaunchSpec } from './spawn';

/** Files that are loaded into a target: `hook.cjs`, `agent.cjs`, `vitals.cjs`, `typescript.cjs`, `hooks-thread.mjs`, `loop.mjs`; and esbuild's main file. */
export interface TargetFiles {
  readonly folder: string;
  readonly esbuild: string;
}

/** What is to be recorded of each process. */
export type SessionJob = Omit<SessionFile, 'results' | 'socket' | 'files'>;

/** A private folder of one recording: what reaches its processes lies in it. */
export interface RecordingSession {
  readonly folder: string;
  /** Where the loader keeps what it made of TypeScript. */
  readonly transpiled: string;
  readonly server: SessionServer;
  /** What to launch, so that each of its processes does the job. `environment` is what it will run in, without what `spec` adds. */
  prepare(spec: LaunchSpec, job: SessionJob, environment: Environment): LaunchSpec;
  /** Removes the folder, and what was written. Where something runs on that was started in this session, what its environment names stays until the next start, empty. */
  dispose(hasDaemons?: boolean): void;
}

/** Where the loader of a session keeps what it made of TypeScript. */
export const transpiledFolder = (session: string): string => path.join(session, 'js');

export async function openSession(files: TargetFiles): Promise<Result<RecordingSession, CaptureIssue>> {
  let folders: SessionFolders | undefined;
  let address: string;
  let server: SessionServer;
  try {
    const made = sessionFolders();
    if (!made.ok) return made;
    folders = made.value;
    const { folder, isShared } = folders;
    fs.mkdirSync(transpiledFolder(folder));
    for (const name of ['hook.cjs', 'agent.cjs']) {
      fs.copyFileSync(path.join(files.folder, name), path.join(folder, name));
      if (isShared) fs.chmodSync(path.join(folder, name), 0o644);
    }
    address = process.platform === 'win32' ? `\\\\.\\pipe\\plateau-${randomBytes(12).toString('hex')}` : path.join(folder, 's');
    server = await serveSession(address);
    if (isShared) fs.chmodSync(address, 0o666);
  } catch (error) {
    folders?.remove();
    const { code = '', message } = error as NodeJS.ErrnoException;
    // It could be made: what is in it finds no room.
    return err({ kind: 'unkept', what: 'the recording', code, message, spare: os.tmpdir() });
  }
  const { folder, results, bin, isShared, remove } = folders;
  const transpiled = transpiledFolder(folder);
  const reach: Reach = { hook: path.join(folder, 'hook.cjs'), results, bin };

  return ok({
    folder,
    transpiled,
    server,
    prepare(spec, job, environment) {
      const file: SessionFile = { ...job, results, socket: address, files: files.folder };
      fs.writeFileSync(sessionFile(folder), JSON.stringify(file), { mode: isShared ? 0o644 : 0o600 });
      if (isShared) fs.chmodSync(sessionFile(folder), 0o644);
      const whole = { ...environment, ...spec.env };
      if (!job.isHeap) runtimesInFront({ session: folder, results, bin }, job.interval);
      if (bin !== undefined) besideNode(bin, whole.PATH ?? '');
      const bun = job.isHeap ? undefined : bunOptions(runtimeFolder(results, 'bun'), job.interval);
      const given: Environment = { NODE_OPTIONS: whole.NODE_OPTIONS, PATH: whole.PATH, ...(bun === undefined ? {} : { BUN_OPTIONS: whole.BUN_OPTIONS }) };
      const child = spec.shell ? { file: '', args: [], cwd: spec.cwd } : { file: spec.command, args: spec.args, cwd: spec.cwd };
      const reached = reachChild(child, given, { ...reach, bun });
      if (reached.forbidden) {
        const skipped: SkippedProcess = { reason: reached.forbidden, argv: [spec.command, ...spec.args] };
        fs.writeFileSync(path.join(results, 'launched.skipped.json'), JSON.stringify(skipped));
      }
      const command = spec.shell ? {} : { command: reached.file, argv0: spec.command };
      return { ...spec, ...command, env: { ...spec.env, ...reached.environment } };
    },
    dispose(hasDaemons = false) {
      server.close();
      remove(hasDaemons);
    },
  });
}
