import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CapturedPart, CapturedProfile, CapturedThread } from '../../capture/records/captured';
import { threadName } from '../../capture/records/thread-name';
import { withCachedMaps } from '../../capture/session/cached-maps';
import { type TargetFiles, transpiledFolder } from '../../capture/session/session';
import { cpuProfileMerger } from '../../core/formats/merge-cpuprofiles';
import { type FunctionCosts, functionCosts } from '../../core/profile/costs/function-costs';
import { waitingTime } from '../../core/profile/costs/waiting';
import { functionAt, type ProfileTables } from '../../core/profile/tables';
import { readRegularTextSync } from '../../files/read-regular-sync';
import { functionIndex } from '../../shared/brands';
import type { FocusFunction } from '../../shared/recipe';
import { asWritten } from '../../source/as-written';
import { urlToPath } from '../../source/maps/locate';
import { headlineOf } from '../profile/opened-profile';
import { streamCpuProfile } from '../profile/stream-cpuprofile';
import type { Headline, RecordedThread } from '../recordings/recording-info';
import { foldOwnFrames } from './own-frames';
import { remapInMemoryScripts } from './remap-profile';
import { withRuntimeLines } from './runtime-lines';

type Profile = CapturedProfile['profile'];

/** A thread whose profile lies among the temporary files, ready to be kept. */
export interface StagedThread {
  readonly thread: Omit<RecordedThread, 'file'>;
  /** A standard `.cpuprofile`. */
  readonly file: string;
  readonly headline: Headline;
  /** Microseconds in the function that was asked for, with what it called, and in all functions of its file. */
  readonly inFocus: { readonly inFunction: number; readonly inFile: number };
  readonly isWhole: boolean;
}

/** With what was read of its profile on the way. */
export interface ReadThread extends StagedThread {
  readonly tables: ProfileTables;
  readonly costs: FunctionCosts;
}

/**
 * Makes one `.cpuprofile` of a thread's parts: original positions for scripts that exist
 * in the target's memory only, Plateau's own frames folded. One part is in memory at a
 * time. Undefined where nothing of it can be read.
 */
export async function stageThread(thread: CapturedThread, file: string, files: TargetFiles, focus: FocusFunction | undefined): Promise<ReadThread | undefined> {
  const merger = cpuProfileMerger();
  const scripts = await thread.scripts();
  const ours = [files.folder, path.dirname(path.dirname(files.esbuild)), ...(thread.hookFolder === undefined ? [] : [thread.hookFolder])];
  let parts = 0;
  for (const group of groupsOf(thread.parts)) {
    const read = (await Promise.all(group.map((part) => part.read()))).filter((profile) => profile !== undefined);
    parts += read.length;
    const whole = joined(read);
    if (!whole) continue;
    merger.add(thread.runtime ? withRuntimeLines(whole, thread.runtime) : ofNode(thread, whole, scripts, ours));
  }
  if (parts === 0) return undefined;
  writePieces(file, merger.text());
  const read = streamCpuProfile(file);
  if (!read.ok) throw new Error(`V8 gave a profile that cannot be read: ${read.error.kind}`);
  const tables = asWritten(read.value.tables);
  const costs = functionCosts(tables);
  const headline = headlineOf(tables, costs);
  const { pid, ppid, version, argv, threadId } = thread;
  return {
    thread: {
      ...{ pid, ppid, threadId, argv, node: version },
      name: threadName(thread),
      startTime: tables.startTime,
      endTime: tables.endTime,
      active: headline.active,
      waiting: waitingTime(tables, lineReader()),
      samples: headline.samples,
    },
    file,
    headline,
    inFocus: focus ? timeIn(tables, costs, focus) : { inFunction: 0, inFile: 0 },
    isWhole: thread.isWhole && parts === thread.parts.length,
    tables,
    costs,
  };
}

function ofNode({ hookFolder }: CapturedThread, profile: Profile, scripts: CapturedProfile['scripts'], ours: readonly string[]): Profile {
  const captured = hookFolder === undefined ? { profile, scripts } : withCachedMaps({ profile, scripts }, transpiledFolder(hookFolder));
  return foldOwnFrames(remapInMemoryScripts(captured), ours);
}

/** Parts that are in memory together: maps and sources are read once for each group. */
const GROUP_BYTES = 48 << 20;

function groupsOf(parts: readonly CapturedPart[]): CapturedPart[][] {
  const groups: CapturedPart[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const part of parts) {
    if (bytes + part.bytes > GROUP_BYTES) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(part);
    bytes += part.bytes;
  }
  return groups;
}

function joined(profiles: readonly Profile[]): Profile | undefined {
  if (profiles.length < 2) return profiles[0];
  const merger = cpuProfileMerger();
  for (const profile of profiles) merger.add(profile);
  return merger.profile() as Profile;
}

function timeIn(tables: ProfileTables, costs: FunctionCosts, focus: FocusFunction): StagedThread['inFocus'] {
  let inFunction = 0;
  let inFile = 0;
  for (let func = 0; func < tables.functions.length; func++) {
    const { url, name, line } = functionAt(tables, functionIndex(func));
    if (urlToPath(url) !== focus.file) continue;
    const total = costs.total[func] as number;
    inFile += total;
    // Where a function has moved since, or was renamed by a tool, one of the two still fits.
    if (line + 1 === focus.line || (focus.name !== '' && name === focus.name)) inFunction += total;
  }
  return { inFunction, inFile };
}

/** Lines of files as they are now, each file read once. */
function lineReader(): (url: string, line: number) => string | undefined {
  const texts = new Map<string, readonly string[] | undefined>();
  return (url, line) => {
    if (!texts.has(url)) texts.set(url, readLines(url));
    return texts.get(url)?.[line - 1];
  };
}

const MOST_TEXT = 4 << 20;

function readLines(url: string): readonly string[] | undefined {
  try {
    const file = url.startsWith('file:') ? fileURLToPath(url) : url;
    if (!path.isAbsolute(file)) return undefined;
    const read = readRegularTextSync(file, { most: MOST_TEXT });
    return read.ok ? read.value.split('\n') : undefined;
  } catch {
    return undefined; // not there any more
  }
}

function writePieces(file: string, pieces: Iterable<string>): void {
  const handle = fs.openSync(file, 'w', 0o600);
  try {
    let batch: string[] = [];
    let length = 0;
    const flush = (): void => {
      fs.writeFileSync(handle, batch.join(''));
      batch = [];
      length = 0;
    };
    for (const piece of pieces) {
      batch.push(piece);
      length += piece.length;
      if (length > 1 << 20) flush();
    }
    flush();
  } finally {
    fs.closeSync(handle);
  }
}
