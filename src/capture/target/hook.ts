/**
 * Loaded into every Node.js process of a recording, and into its worker threads, before
 * any of their own code, through NODE_OPTIONS. A copy lies in the folder of the session,
 * so its own path tells which recording it belongs to. Each thread profiles itself and
 * writes its profile into that folder; nothing here waits for the recorder, binds a port,
 * prints, or may throw into the program.
 */
import fs from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { getEnvironmentData, isMainThread, setEnvironmentData, threadId } from 'node:worker_threads';
import type { Reach } from '../environment/child-environment';
import { runtimeFolder } from '../environment/runtime-in-front';
import { bunOptions } from '../environment/runtime-options';
import type { Announcement } from '../records/announcement';
import { isPackageManager } from '../records/package-manager';
import { readSession, type SessionFile, sessionFile, spareFolder } from '../records/session-file';
import { isLoaderThread } from './loader-thread';
import { type AgentLink, startAgent } from './recorder/agent-link';
import { atExit } from './recorder/at-exit';
import { writtenBeforeWaits } from './recorder/before-waits';
import { nameWaits } from './recorder/name-waits';
import { openInspector } from './recorder/raw-inspector';
import { watchTerminals } from './recorder/raw-terminal';
import { hideReach, reachChildren } from './recorder/reach-children';
import { reachWorkers } from './recorder/reach-workers';
import { Recorded, Slot, sharedState, slotOfParent, slotOfThread } from './recorder/shared-state';
import { countSignalListeners } from './recorder/signal-listeners';
import { numberThreads } from './recorder/thread-numbers';
import { type ThreadRecorder, threadRecorder } from './recorder/thread-recorder';
import { uniqueName } from './recorder/unique-name';
import { writeText } from './recorder/write-text';
import { hasRoomForAgent } from './room-for-agent';

/** As they were before a program could replace them. */
const { add, load, store, sub } = Atomics;
const { existsSync } = fs;

/** What the agent, the loop and the loaders find on `globalThis`, under `Symbol.for('plateau.recorder')`. */
export interface RecorderHandle {
  readonly session: SessionFile;
  readonly folder: string;
  begin(): void;
  end(): boolean;
  /** The same in a worker that somebody terminates, who is told by `stopWorker`. */
  endThread(): boolean;
  /** A worker that this thread terminates has ended its profile, and runs no more. */
  stopWorker(threadId: number): void;
  /** Terminals get their modes back, before a signal ends the process. */
  resetTerminals(): void;
  discard(): boolean;
  /** JSON of the part that was written: bytes, and milliseconds that it covers. `isEarly`: only where that is cheap. */
  checkpoint(isEarly?: boolean): string;
}

interface ProcessData {
  readonly key: string;
  readonly state: Int32Array;
}

const DATA = 'plateau';
const HANDLE = Symbol.for('plateau.recorder');
const folder = __dirname;
/** Somebody is terminating this worker. */
let isTerminated = false;

const session = sessionHere();
const isHere = HANDLE in globalThis;
/** Deno and Bun may read NODE_OPTIONS too; they record themselves. */
const isNode = process.versions.deno === undefined && process.versions.bun === undefined;
if (session && isNode && !isHere && !isLoaderThread() && !process.execArgv.includes('--build-snapshot')) {
  try {
    join(session);
  } catch (error) {
    tellFailure(error);
  }
}
// Programs that look through the modules that are loaded do not meet ours.
for (const file of Object.keys(require.cache)) {
  if (file.startsWith(folder + path.sep) || (session && file.startsWith(session.files + path.sep))) delete require.cache[file];
}

/** A sandbox may have a folder for temporary files of its own, and a program may have emptied it: then what is written lies beside the hook. */
function sessionHere(): SessionFile | undefined {
  const read = readSession(folder);
  return read && !existsSync(read.results) ? { ...read, results: spareFolder(folder) } : read;
}

function join(session: SessionFile): void {
  const bin = path.join(__dirname, 'bin');
  const reach: Reach = {
    hook: __filename,
    results: session.results,
    bin: fs.existsSync(bin) ? bin : undefined,
    bun: session.isHeap ? undefined : bunOptions(runtimeFolder(session.results, 'bun'), session.interval),
  };
  hideReach(reach);
  const data = processData();
  if (!data) return;
  const { key, state } = data;
  const onListener = numberThreads(state);
  const isOver = (): boolean => load(state, Slot.Agent) === 2;
  const isTarget = !isPackageManager(process.argv[1]);
  const recorder = isTarget && !session.isHeap ? threadRecorder({ folder: session.results, key, name: nameOfThread, state }, session, onEnded) : undefined;
  function onEnded(): void {
    if (isMainThread) return;
    sub(state, Slot.Workers, 1);
    if (!isTerminated) store(state, slotOfThread(threadId), Recorded.Not);
  }
  let link: AgentLink | undefined;
  const waits = recorder && writtenBeforeWaits(recorder);
  reachChildren(reach, {
    isOver,
    blocking(isBlocked) {
      if (isBlocked) waits?.begin();
      else waits?.end();
      if (isMainThread) store(state, Slot.Blocked, isBlocked ? 1 : 0);
    },
    replacing: () => finish(recorder, link, session, key),
  });
  reachWorkers(
    reach,
    (id, stop) => (isOver() ? undefined : link?.endWorker(id, stop)),
    (id, name) => {
      store(state, slotOfParent(id), threadId);
      noteName(path.join(session.results, `${key}.${id}.name`), name);
    },
  );
  try {
    // No agent without an inspector: Node.js aborts where one asks for it.
    if (recorder) recorder.open();
    else if (isTarget) openInspector().close();
  } finally {
    syncBuiltinESMExports();
  }
  if (!isTarget) return;
  nameWaits();
  if (isMainThread) announce(session, key);
  atExit(() => finish(recorder, link, session, key), state);
  if (isMainThread) countSignalListeners(state, onListener);
  else process.on('newListener', onListener);
  expose(recorder, session, state, isMainThread ? watchTerminals() : () => {}, () => link);
  const requireOwn = (name: string): unknown => createRequire(path.join(session.files, 'hook.cjs'))(path.join(session.files, name));
  if (session.typescript) requireOwn('typescript.cjs');
  if (session.measure && isMainThread) (requireOwn('vitals.cjs') as typeof import('./vitals/main')).start(path.join(session.results, `${key}.0.vitals.json`));
  if (recorder && (!session.loop || !isMainThread)) begin(recorder, state);
  // While another thread starts, V8's profiler takes four times as long to begin.
  if (!hasRoomForAgent()) return;
  link = startAgent(
    { state, folder, key, isHeap: session.isHeap === true, mayAbort: process.execArgv.includes('--abort-on-uncaught-exception') },
    nameOfThread,
  );
  if (session.isHeap) link.awaitGo();
}

function begin(recorder: ThreadRecorder, state: Int32Array): void {
  if (!isMainThread) {
    add(state, Slot.Workers, 1);
    store(state, slotOfThread(threadId), Recorded.Running);
  }
  recorder.begin();
}

/** What is the same for all threads of the process. */
function processData(): ProcessData | undefined {
  if (!isMainThread) return getEnvironmentData(DATA) as unknown as ProcessData | undefined;
  const data: ProcessData = { key: uniqueName(), state: sharedState() };
  setEnvironmentData(DATA, data as never);
  return data;
}

function finish(recorder: ThreadRecorder | undefined, link: AgentLink | undefined, session: SessionFile, key: string): void {
  recorder?.end();
  if (isMainThread) announceAgain(session, key);
  if (isMainThread) link?.endWorkers();
  if (session.isHeap) link?.awaitRelease();
  if (isMainThread) link?.leaveInspector();
}

function expose(
  recorder: ThreadRecorder | undefined,
  session: SessionFile,
  state: Int32Array,
  resetTerminals: () => void,
  link: () => AgentLink | undefined,
): void {
  let isAsked = false;
  /** One call by the agent follows the other. One that is not over was ended in the midst. */
  const asked = <T>(what: () => T): T => {
    if (isAsked) recorder?.resume();
    isAsked = true;
    const answer = what();
    isAsked = false;
    return answer;
  };
  const handle: RecorderHandle = {
    session,
    folder,
    begin: () => recorder && begin(recorder, state),
    resetTerminals,
    end: () => asked(() => recorder?.end() ?? true),
    endThread: () =>
      asked(() => {
        isTerminated = true;
        isTerminated = recorder?.end() ?? true;
        return isTerminated;
      }),
    stopWorker: (id) => link()?.stopWorker(id),
    discard: () => asked(() => recorder?.discard() ?? true),
    checkpoint: (isEarly) =>
      asked(() => {
        recorder?.checkpoint(isEarly);
        return JSON.stringify(recorder?.lastPart() ?? {});
      }),
  };
  Object.defineProperty(globalThis, HANDLE, { value: handle, configurable: true, enumerable: false });
}

function about(key: string, failure?: string): Announcement {
  return {
    key,
    pid: process.pid,
    ppid: process.ppid,
    version: process.version,
    argv: process.argv,
    cwd: workingFolder(),
    ...(failure === undefined ? {} : { failure }),
  };
}

function announcementFile({ results }: SessionFile, key: string): string {
  return path.join(results, `${key}.process.json`);
}

function announce(session: SessionFile, key: string): void {
  writeText(announcementFile(session, key), JSON.stringify(about(key)));
}

/** A program may empty the folder for temporary files. */
function announceAgain(session: SessionFile, key: string): void {
  try {
    if (existsSync(sessionFile(folder)) && !existsSync(announcementFile(session, key))) announce(session, key);
  } catch {
    // The disk is full, or this process may not write there any more.
  }
}

function tellFailure(error: unknown): void {
  try {
    // Processes of Node.js's own (--test, --watch) that only start others have no inspector; what they start is reached.
    // Newer ones throw a text.
    const message = error instanceof Error ? error.message : String(error);
    if (/without a V8::Inspector/i.test(message)) return;
    const key = uniqueName();
    if (session) writeText(announcementFile(session, key), JSON.stringify(about(key, message)));
  } catch {
    // The session's folder is gone, so the recording is over: the program runs as if this were not here.
  }
}

/** Undefined where the folder is gone in which it was started. */
function workingFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

function nameOfThread(): string | undefined {
  return isMainThread ? undefined : process.argv[1];
}

/** The name that a worker was given, for who reads the recording. */
function noteName(file: string, name: string): void {
  try {
    fs.writeFileSync(file, name);
  } catch {
    // The recording is over.
  }
}
