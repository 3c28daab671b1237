import fs from 'node:fs';
import inspector from 'node:inspector';
import path from 'node:path';
import { isMainThread, threadId } from 'node:worker_threads';
import type { ThreadAnnouncement } from '../../records/announcement';
import type { SessionFile } from '../../records/session-file';
import { openInspector, type RawInspector } from './raw-inspector';
import { noteScripts, type ScriptNotes } from './script-notes';
import { CLOCK_MS, Recorded, Slot, slotOfThread } from './shared-state';
import { writeText } from './write-text';

/**
 * Profiles the thread that it runs in. The profile goes to disk in parts, each as V8
 * writes it. The next part begins before the one before it ends: V8 then goes on with
 * the same profiler, which takes 5 ms where a new one takes 100 in a large program,
 * and no sample is missed.
 */
export interface ThreadRecorder {
  /** Connects to the inspector, before anything else. Throws where there is none. */
  open(): void;
  begin(): void;
  /** Writes what there is, and goes on; `isEarly`: only where V8 can keep its profiler. */
  checkpoint(isEarly?: boolean): void;
  /** Milliseconds since the last part was written. */
  elapsed(): number;
  /** The last part that was written. */
  lastPart(): Part;
  /** Ends the profile and writes it. Says whether it is on disk: false while another call, or a request to V8, is in the middle of something. */
  end(): boolean;
  /** A call has been ended in the midst, which a time limit of `vm` does: the next goes on with it. */
  resume(): void;
  /** Ends the profile and writes nothing. False as with `end`. */
  discard(): boolean;
}

export interface Part {
  readonly bytes: number;
  /** That it covers. */
  readonly milliseconds: number;
  /** Milliseconds for which the thread stood still while it was written. */
  readonly cost: number;
}

export interface Thread {
  readonly folder: string;
  readonly key: string;
  /** Of a worker: its file, which is known once it runs. */
  readonly name: () => string | undefined;
  readonly state: Int32Array;
}

/** As they were before a program could replace them. */
const { add, store } = Atomics;
const { now: date } = Date;

export function threadRecorder(thread: Thread, session: SessionFile, onEnded: () => void): ThreadRecorder {
  const prefix = path.join(thread.folder, `${thread.key}.${threadId}`);
  const { console: v8Console } = inspector as unknown as { console: { profile(title: string): void; profileEnd(title: string): void } };
  const parts: string[] = [];
  let raw: RawInspector | undefined;
  let scripts: ScriptNotes | undefined;
  /** While a part is written, the agent may ask for the next, or for the end: V8 lets it in between any two calls. */
  let state: 'new' | 'running' | 'writing' | 'ending' | 'ended' = 'new';
  let since = 0;
  let last: Part = { bytes: 0, milliseconds: 0, cost: 0 };
  /** The title of the profile that runs; undefined for the first, which has none. */
  let title: string | undefined;
  /** What was taken last, until it is on disk. */
  let unwritten: string | undefined;

  const take = (from: RawInspector): string | undefined => {
    if (title === undefined) return from.request('Profiler.stop');
    let text: string | undefined;
    from.onEvent = (event) => {
      if (event.startsWith('{"method":"Profiler.consoleProfileFinished"')) text = event;
    };
    v8Console.profileEnd(title);
    from.onEvent = () => {};
    return text;
  };
  const announce = (isWhole: boolean, failure?: string): void => {
    const announcement: ThreadAnnouncement = { threadId, name: thread.name(), parts, isWhole, ...(failure === undefined ? {} : { failure }) };
    writeText(`${prefix}.thread.json`, JSON.stringify(announcement));
  };
  const writePart = (text: string | undefined): void => {
    const at = performance.now();
    last = { bytes: text?.length ?? 0, milliseconds: at - since, cost: 0 };
    since = at;
    if (text === undefined) return;
    unwritten = text;
    const file = `${prefix}.p${parts.length}.json`;
    writeText(file, text);
    parts.push(path.basename(file));
    unwritten = undefined;
    scripts?.look(text);
  };
  /** The disk is full, or files may not get so large. Where the folder is gone, the recording is over. */
  const tellFailure = (code: string): void => {
    try {
      fs.rmSync(`${prefix}.p${parts.length}.json.part`, { force: true });
      announce(false, code);
    } catch {
      // Not even that much: the recorder sees that there is nothing.
    }
  };
  const close = (): void => {
    state = 'ended';
    // V8 forgets the coverage of all when one who had its profiler enabled leaves; Node.js writes it after this.
    if (!isCovered) raw?.close();
    raw = undefined;
    onEnded();
  };

  return {
    open() {
      raw = openInspector();
      scripts = noteScripts(raw, thread.state, session.typescript !== undefined);
    },
    begin() {
      if (state !== 'new' || !raw) return;
      raw.request('Profiler.enable');
      raw.request('Profiler.setSamplingInterval', { interval: session.interval });
      since = performance.now();
      state = 'running';
      raw.request('Profiler.start');
    },
    checkpoint(isEarly = false) {
      if (state !== 'running' || !raw || raw.isBusy() || (isEarly && !isAlone)) return;
      state = 'writing';
      if (isMainThread) add(thread.state, Slot.Written, 1);
      const from = performance.now();
      try {
        const next = isAlone ? `plateau ${parts.length + 1}` : undefined;
        if (next !== undefined) v8Console.profile(next);
        const text = take(raw);
        if (next === undefined) raw.request('Profiler.start');
        title = next;
        writePart(text);
        announce(false);
        last = { ...last, cost: performance.now() - from };
      } finally {
        state = 'running';
        if (isMainThread) {
          store(thread.state, Slot.WrittenAt, date() % CLOCK_MS);
          add(thread.state, Slot.Written, 1);
        }
      }
    },
    elapsed: () => (state === 'running' ? performance.now() - since : 0),
    lastPart: () => last,
    end() {
      if (state === 'ended' || state === 'new') return true;
      if (state !== 'running' || !raw || raw.isBusy()) return false;
      state = 'ending';
      if (isMainThread) add(thread.state, Slot.Written, 1);
      else store(thread.state, slotOfThread(threadId), Recorded.Ending);
      try {
        const vitals = session.measure ? readVitals() : undefined;
        writePart(unwritten ?? take(raw));
        scripts?.takeLast();
        const lines = scripts?.lines() ?? '';
        if (lines !== '') writeText(`${prefix}.scripts.jsonl`, lines);
        if (vitals !== undefined) writeText(`${prefix}.vitals.json`, vitals);
        if (session.measure) writeText(`${prefix}.heap.json`, liveHeap(raw));
        announce(true);
      } catch (error) {
        tellFailure((error as NodeJS.ErrnoException).code ?? String(error));
      }
      close();
      return true;
    },
    resume() {
      if (state !== 'writing' && state !== 'ending') return;
      state = 'running';
      raw?.forget();
    },
    discard() {
      if (state === 'ended' || state === 'new') return true;
      if (state !== 'running' || !raw || raw.isBusy()) return false;
      state = 'ending';
      take(raw);
      close();
      return true;
    },
  };
}

const hasOption = (options: RegExp): boolean => process.execArgv.some((option) => options.test(option)) || options.test(process.env.NODE_OPTIONS ?? '');
const isCovered = Boolean(process.env.NODE_V8_COVERAGE) || hasOption(/(?:^|\s)--experimental-test-coverage/);
/** Node.js's own profiles and coverage hear of those of the console, too, and it prints what it hears. */
const isAlone = !isCovered && !hasOption(/(?:^|\s)--cpu-prof/);

/** A full collection of more than this would keep a program standing for a second and more. */
const MAX_COLLECTED = 1e9;

function readVitals(): string | undefined {
  const vitals = (globalThis as Record<symbol, { read(): string } | undefined>)[Symbol.for('plateau.vitals')];
  try {
    return vitals?.read();
  } catch {
    return undefined;
  }
}

/**
 * What is alive after a full collection, by what allocated it since its memory was seen to grow: `{"used":…,"sampling":ANSWER}`.
 * Asking for a sampling profile collects all garbage first, also of a program that has ended.
 */
function liveHeap(raw: RawInspector): string {
  const used = (): number => (JSON.parse(raw.request('Runtime.getHeapUsage') ?? '{}') as { result?: { usedSize?: number } }).result?.usedSize ?? Number.NaN;
  if (!(used() <= MAX_COLLECTED)) return '{}';
  const given = raw.request('HeapProfiler.getSamplingProfile');
  const sampling = given?.startsWith('{"id":1,"result":') ? given : emptySampling(raw);
  const after = used();
  return sampling === undefined || Number.isNaN(after) ? '{}' : `{"used":${after},"sampling":${sampling}}`;
}

function emptySampling(raw: RawInspector): string | undefined {
  raw.request('HeapProfiler.startSampling');
  return raw.request('HeapProfiler.stopSampling');
}
