import fs from 'node:fs';
import path from 'node:path';
import type { Protocol } from 'devtools-protocol';
import * as v from 'valibot';
import { readVitals } from '../../core/doctor/vitals';
import { readRegularText } from '../../files/read-regular';
import { openRegularFileSync, readRegularTextSync } from '../../files/read-regular-sync';
import { err } from '../../shared/result';
import { amount } from '../../shared/schemas/base';
import { fittingJson } from '../../shared/schemas/read-json';
import type { Announcement, ThreadAnnouncement } from '../records/announcement';
import type { CapturedScript, CapturedThread, Measured, MissedProcess } from '../records/captured';
import { isHeapProfile, isProfile } from '../records/fitting-profile';
import type { LoopMessage } from '../records/loop';
import { resultsFolder, spareFolder } from '../records/session-file';
import { announcementSchema, loopMessageSchema, scriptSchema, skippedSchema, threadAnnouncementSchema } from '../records/session-schemas';
import { parseWeighed } from '../records/weighed-json';
import { readRuntimes } from './runtime-results';

/**
 * What the processes of a recording have written into its folder. All of it is read with
 * the care that is due to what a program may have written: what does not fit is not there.
 */
export interface SessionResults {
  readonly threads: readonly CapturedThread[];
  readonly missed: readonly MissedProcess[];
  readonly loop: readonly LoopMessage[];
}

export function readResults(session: string, measure: boolean): SessionResults {
  const folder = gathered(session);
  const names = namesIn(folder);
  const threads: CapturedThread[] = [];
  const missed: MissedProcess[] = [];
  for (const name of names) {
    if (name.endsWith('.skipped.json')) {
      const skipped = readFitting(path.join(folder, name), skippedSchema);
      if (skipped) missed.push({ pid: undefined, argv: skipped.argv, reason: skipped.reason });
      continue;
    }
    const announced = name.endsWith('.process.json') ? readFitting(path.join(folder, name), announcementSchema) : undefined;
    if (!announced) continue;
    const { key, pid, argv, failure } = announced;
    if (failure !== undefined) {
      missed.push({ pid, argv, reason: 'failed', detail: failure });
      continue;
    }
    const own = names.filter((one) => one.startsWith(`${key}.`) && one.endsWith('.thread.json'));
    const announcements = own.flatMap((one) => readFitting(path.join(folder, one), threadAnnouncementSchema) ?? []);
    const found = announcements.flatMap((one) => threadOf(session, folder, announced, one, measure) ?? []);
    const unwritten = announcements.find((one) => one.failure !== undefined);
    if (unwritten) missed.push({ pid, argv, reason: 'unwritten', detail: unwritten.failure });
    else if (found.length === 0) missed.push({ pid, argv, reason: 'killed' });
    threads.push(...found);
  }
  const others = readRuntimes(folder);
  return { threads: [...threads, ...others.threads], missed: [...missed, ...others.missed], loop: loopMessages(folder) };
}

/** Processes that have announced themselves. */
export function announcedProcesses(session: string): readonly Announcement[] {
  const folder = gathered(session);
  return namesIn(folder)
    .filter((name) => name.endsWith('.process.json'))
    .flatMap((name) => readFitting(path.join(folder, name), announcementSchema) ?? []);
}

/** The name that a worker was given when it was made. */
export const givenName = (session: string, key: string, threadId: number): string | undefined => nameOf(gathered(session), key, threadId);

const nameOf = (folder: string, key: string, threadId: number): string | undefined => readText(path.join(folder, `${key}.${threadId}.name`));

/** Keys of processes that have announced themselves and written nothing yet. */
export function beginningProcesses(session: string): readonly string[] {
  const names = namesIn(gathered(session));
  const written = new Set(names.filter((name) => name.endsWith('.0.thread.json')).map((name) => name.slice(0, -'.0.thread.json'.length)));
  return names
    .filter((name) => name.endsWith('.process.json'))
    .map((name) => name.slice(0, -'.process.json'.length))
    .filter((key) => !written.has(key));
}

/** The folder of results, with what was written beside the hook by processes that did not see it. */
function gathered(session: string): string {
  const folder = resultsFolder(session);
  for (const name of namesIn(spareFolder(session))) {
    if (name.endsWith('.part')) continue; // still being written
    try {
      fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
      moveFile(path.join(spareFolder(session), name), path.join(folder, name));
    } catch {
      // No room: it is missing there.
    }
  }
  return folder;
}

/** To another file system. Of root's sessions other users write in both folders: no link of theirs is followed, in neither. */
function moveFile(from: string, to: string): void {
  const opened = openRegularFileSync(from, { within: [path.dirname(from)] });
  if (!opened.ok) return;
  const { descriptor, size } = opened.value;
  let copy: number | undefined;
  try {
    fs.rmSync(to, { force: true });
    copy = fs.openSync(to, 'wx', 0o600);
    const piece = Buffer.allocUnsafe(1 << 20);
    // No more than there was: what grows while it is read has no end.
    for (let at = 0; at < Math.min(size, MAX_PART); ) {
      const count = fs.readSync(descriptor, piece, 0, Math.min(piece.length, size - at), at);
      if (count === 0) break;
      for (let done = 0; done < count; ) done += fs.writeSync(copy, piece, done, count - done);
      at += count;
    }
    fs.rmSync(from);
  } finally {
    fs.closeSync(descriptor);
    if (copy !== undefined) fs.closeSync(copy);
  }
}

function threadOf(session: string, folder: string, process: Announcement, thread: ThreadAnnouncement, measure: boolean): CapturedThread | undefined {
  const prefix = `${process.key}.${thread.threadId}`;
  // Nothing but what is its own, whatever the file says.
  const parts = thread.parts.filter((part) => part.startsWith(`${prefix}.`) && path.basename(part) === part && !isLink(path.join(folder, part)));
  if (parts.length === 0) return undefined;
  const { pid, ppid, version, argv } = process;
  const given = nameOf(folder, process.key, thread.threadId);
  return {
    ...{ pid, ppid, version, argv, threadId: thread.threadId },
    name: given ?? thread.name,
    parts: parts.map((part) => ({ bytes: sizeOf(path.join(folder, part)), read: () => readPart(path.join(folder, part)) })),
    scripts: () => readScripts(path.join(folder, `${prefix}.scripts.jsonl`)),
    isWhole: thread.isWhole,
    hookFolder: session,
    measured: measure && thread.threadId === 0 ? measuredOf(path.join(folder, prefix)) : undefined,
  };
}

/** V8 makes no longer string. The program knows the folder, and may put anything there. */
const MAX_PART = 0x1fff_ffe8;
/** Announcements have a command line, which is some MB at most; the loop tells one batch in a hundred bytes. */
const MOST_NOTE = 32 << 20;
/** For half a gigabyte from a slow disk. */
const PART_MS = 120_000;

/** V8's answer to `Profiler.stop`, or its `Profiler.consoleProfileFinished`. */
async function readPart(file: string): Promise<Protocol.Profiler.Profile | undefined> {
  try {
    const read = await readRegularText(file, { most: MAX_PART, within: [path.dirname(file)], milliseconds: PART_MS });
    if (!read.ok) return undefined;
    const message = parseWeighed(read.value) as { readonly [name in 'result' | 'params']?: { readonly profile?: unknown } | null } | null;
    const profile = message?.result?.profile ?? message?.params?.profile;
    return isProfile(profile) ? profile : undefined;
  } catch {
    return undefined; // cut off: the disk was full, or the process was killed
  }
}

async function readScripts(file: string): Promise<readonly CapturedScript[]> {
  const read = await readRegularText(file, { most: MAX_PART, within: [path.dirname(file)], milliseconds: PART_MS });
  return read.ok ? fittingLines(read.value, scriptSchema) : [];
}

function measuredOf(prefix: string): Measured {
  const text = readText(`${prefix}.vitals.json`, MAX_PART);
  const heap = readFitting(`${prefix}.heap.json`, heapSchema, MAX_PART);
  return {
    vitals: text === undefined ? err({ kind: 'not-written' }) : readVitals(text),
    heap: heap && { used: heap.used, allocations: heap.sampling.result.profile },
  };
}

const loopMessages = (folder: string): readonly LoopMessage[] => fittingLines(readText(path.join(folder, 'loop.jsonl')) ?? '', loopMessageSchema);

/** The lines of a text that fit; the last one may be cut off. */
const fittingLines = <const S extends v.GenericSchema>(text: string, schema: S): v.InferOutput<S>[] =>
  text.split('\n').flatMap((line) => (line === '' ? [] : (fittingJson(line, schema) ?? [])));

function namesIn(folder: string): string[] {
  try {
    // Where processes of other users write as well, no link of theirs leads elsewhere.
    return fs
      .readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort();
  } catch {
    return []; // removed meanwhile
  }
}

const isLink = (file: string): boolean => fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;

function sizeOf(file: string): number {
  return fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function readText(file: string, most = MOST_NOTE): string | undefined {
  const read = readRegularTextSync(file, { most, within: [path.dirname(file)] });
  return read.ok ? read.value : undefined;
}

function readFitting<const S extends v.GenericSchema>(file: string, schema: S, most = MOST_NOTE): v.InferOutput<S> | undefined {
  const text = readText(file, most);
  return text === undefined ? undefined : fittingJson(text, schema);
}

/** What `HeapProfiler.stopSampling` answered, with V8's heap in use. */
const heapSchema = v.object({
  used: amount,
  sampling: v.object({ result: v.object({ profile: v.custom<Protocol.HeapProfiler.SamplingHeapProfile>(isHeapProfile) }) }),
});
