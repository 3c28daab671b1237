import fs from 'node:fs';
import path from 'node:path';
import type { Protocol } from 'devtools-protocol';
import { readVitals } from '../core/doctor/vitals';
import { readRegularText } from '../files/read-regular';
import { readRegularTextSync } from '../files/read-regular-sync';
import { err } from '../shared/result';
import type { Announcement, SkippedProcess, ThreadAnnouncement } from './announcement';
import type { CapturedScript, CapturedThread, LiveHeap, Measured, MissedProcess } from './captured';
import type { LoopMessage } from './loop';
import { readRuntimes } from './runtime-results';
import { resultsFolder, spareFolder } from './target/session-file';

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
      const skipped = readJson<SkippedProcess>(path.join(folder, name));
      if (skipped && Array.isArray(skipped.argv))
        missed.push({ pid: undefined, argv: skipped.argv.map(String), reason: skipped.reason === 'policy' ? 'policy' : 'permission-model' });
      continue;
    }
    const announced = name.endsWith('.process.json') ? announcement(readJson(path.join(folder, name))) : undefined;
    if (!announced) continue;
    const { key, pid, argv, failure } = announced;
    if (failure !== undefined) {
      missed.push({ pid, argv, reason: 'failed', detail: failure });
      continue;
    }
    const own = names.filter((one) => one.startsWith(`${key}.`) && one.endsWith('.thread.json'));
    const announcements = own.flatMap((one) => readJson<ThreadAnnouncement>(path.join(folder, one)) ?? []);
    const found = announcements.flatMap((one) => threadOf(session, folder, announced, one, measure) ?? []);
    const unwritten = announcements.find((one) => typeof one.failure === 'string');
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
    .flatMap((name) => announcement(readJson(path.join(folder, name))) ?? []);
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
      fs.copyFileSync(path.join(spareFolder(session), name), path.join(folder, name));
      fs.rmSync(path.join(spareFolder(session), name));
    } catch {
      // No room: it is missing there.
    }
  }
  return folder;
}

function threadOf(
  session: string,
  folder: string,
  process: Announcement,
  thread: ThreadAnnouncement | undefined,
  measure: boolean,
): CapturedThread | undefined {
  if (!thread || !Number.isInteger(thread.threadId) || !Array.isArray(thread.parts)) return undefined;
  const prefix = `${process.key}.${thread.threadId}`;
  // Nothing but what is its own, whatever the file says.
  const parts = thread.parts.filter(
    (part): part is string => typeof part === 'string' && part.startsWith(`${prefix}.`) && path.basename(part) === part && !isLink(path.join(folder, part)),
  );
  if (parts.length === 0) return undefined;
  const { pid, ppid, version, argv } = process;
  const given = nameOf(folder, process.key, thread.threadId);
  return {
    ...{ pid, ppid, version, argv, threadId: thread.threadId },
    name: given ?? (typeof thread.name === 'string' ? thread.name : undefined),
    parts: parts.map((part) => ({ bytes: sizeOf(path.join(folder, part)), read: () => readPart(path.join(folder, part)) })),
    scripts: () => readScripts(path.join(folder, `${prefix}.scripts.jsonl`)),
    isWhole: thread.isWhole === true,
    hookFolder: session,
    measured: measure && thread.threadId === 0 ? measuredOf(path.join(folder, prefix)) : undefined,
  };
}

/** V8 makes no longer string. The program knows the folder, and may put anything there. */
const MAX_PART = 0x1fff_ffe8;
/** For half a gigabyte from a slow disk. */
const PART_MS = 120_000;

/** V8's answer to `Profiler.stop`, or its `Profiler.consoleProfileFinished`. */
async function readPart(file: string): Promise<Protocol.Profiler.Profile | undefined> {
  try {
    const read = await readRegularText(file, { most: MAX_PART, within: [path.dirname(file)], milliseconds: PART_MS });
    if (!read.ok) return undefined;
    const message = JSON.parse(read.value) as {
      result?: { profile?: Protocol.Profiler.Profile };
      params?: { profile?: Protocol.Profiler.Profile };
    };
    const profile = message.result?.profile ?? message.params?.profile;
    return Array.isArray(profile?.nodes) && profile.nodes.length > 0 ? profile : undefined;
  } catch {
    return undefined; // cut off: the disk was full, or the process was killed
  }
}

async function readScripts(file: string): Promise<readonly CapturedScript[]> {
  const read = await readRegularText(file, { most: MAX_PART, within: [path.dirname(file)], milliseconds: PART_MS });
  const text = read.ok ? read.value : '';
  return text.split('\n').flatMap((line) => {
    try {
      const row = JSON.parse(line) as Partial<CapturedScript>;
      return typeof row.url === 'string' && typeof row.sourceMapUrl === 'string'
        ? [{ scriptId: typeof row.scriptId === 'string' ? row.scriptId : undefined, url: row.url, sourceMapUrl: row.sourceMapUrl }]
        : [];
    } catch {
      return []; // the last line, cut off
    }
  });
}

function measuredOf(prefix: string): Measured {
  const text = readText(`${prefix}.vitals.json`);
  const heap = readJson<{ used?: number; sampling?: { result?: { profile?: LiveHeap['allocations'] } } }>(`${prefix}.heap.json`);
  const allocations = heap?.sampling?.result?.profile;
  return {
    vitals: text === undefined ? err({ kind: 'not-written' }) : readVitals(text),
    heap: allocations && typeof heap?.used === 'number' ? { used: heap.used, allocations } : undefined,
  };
}

function loopMessages(folder: string): LoopMessage[] {
  return (readText(path.join(folder, 'loop.jsonl')) ?? '').split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as LoopMessage];
    } catch {
      return [];
    }
  });
}

function announcement(read: Partial<Announcement> | undefined): Announcement | undefined {
  const fits =
    typeof read?.key === 'string' &&
    /^[\w-]+$/.test(read.key) &&
    Number.isInteger(read.pid) &&
    Number.isInteger(read.ppid) &&
    typeof read.version === 'string' &&
    Array.isArray(read.argv) &&
    read.argv.every((word) => typeof word === 'string');
  return fits ? (read as Announcement) : undefined;
}

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

function readText(file: string): string | undefined {
  const read = readRegularTextSync(file, { most: MAX_PART, within: [path.dirname(file)] });
  return read.ok ? read.value : undefined;
}

function readJson<T>(file: string): (Partial<T> & T) | undefined {
  const text = readText(file);
  try {
    const read: unknown = text === undefined ? undefined : JSON.parse(text);
    return typeof read === 'object' && read !== null ? (read as T) : undefined;
  } catch {
    return undefined;
  }
}
