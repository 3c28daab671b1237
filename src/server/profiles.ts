import path from 'node:path';
import type { Thresholds } from '../core/findings/thresholds';
import { profileOpener } from '../service/profile/open-in-worker';
import type { OpenJob } from '../service/profile/open-worker';
import type { OpenedProfile } from '../service/profile/opened-profile';
import { parseInWorker } from '../service/profile/parse-in-worker';
import { plainTables } from '../service/profile/plain-tables';
import type { FileContent } from '../service/profile/profile-worker';
import { noteSlab, slabVersion, stampOf, useSlab, writeSlab } from '../service/profile/slab-cache';
import { threadGroup } from '../service/profile/thread-group';
import { withoutSources } from '../service/recordings/packed-sources';
import type { RequestThread, SentProfile } from '../service/requests/request-thread';
import type { ProfileIssue, ProfileWarning } from '../shared/issue';
import { err, ok, type Result } from '../shared/result';
import { contentOfThread, type ProfilePart, partFinder } from './profile-parts';

export interface OpenOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((read: number, size: number) => void) | undefined;
  /** The folder with slabs of earlier openings, where there is one: an unchanged file is not parsed again. */
  readonly storage?: string | undefined;
  /** Of a file with several profiles; by default what was chosen last, else the main one. */
  readonly select?: number | 'merge' | undefined;
}

/** The profiles that are open in this server, by path; a file that has changed is read again. */
export interface ProfileStore {
  open(file: string, options?: OpenOptions): Promise<Result<OpenedProfile, ProfileIssue>>;
  /** Writes a profile's slab into a folder and gives its path and size; one that is there already is used. */
  slabFile(profile: OpenedProfile, folder: string): Promise<{ readonly file: string; readonly bytes: number }>;
  /** A profile of this store as it goes to another thread. */
  sent(profile: OpenedProfile): SentProfile;
  /** What a profile's file is and holds. */
  content(profile: OpenedProfile): FileContent;
  /** Of a file with several profiles, which one is opened from now on. */
  choose(file: string, select: number | 'merge'): void;
  /** Reads the thresholds anew at the next opening. */
  forget(): void;
  dispose(): void;
}

interface Entry {
  readonly stamp: string;
  readonly profile: OpenedProfile;
}

/** The slab of an opened profile, and of what it is. */
interface Slab {
  readonly view: SentProfile['view'];
  readonly bytes: ArrayBuffer;
  /** The file that it was made of, and how that was; undefined where several profiles were read. */
  readonly source: string | undefined;
  readonly stamp: string;
  readonly warnings: readonly ProfileWarning[];
  readonly content: FileContent;
  /** In the storage. */
  readonly name: string;
}

/** A file that is being read, for all who wait for it: it is given up when the last of them is gone. */
interface Reading {
  readonly result: Promise<Result<OpenedProfile, ProfileIssue>>;
  readonly abort: AbortController;
  readonly listeners: Set<(read: number, size: number) => void>;
  waiting: number;
}

/** Kept in memory; the least recently used goes first. */
const MAX_OPEN = 6;

/** The bundles of `profile-worker.ts`, `open-worker.ts` and `helper-worker.ts`. */
export interface ProfileWorkers {
  readonly parser: string;
  readonly opener: string;
  readonly helper: string;
}

/** Those of a folder of bundles. */
export const profileWorkers = (folder: string): ProfileWorkers => ({
  parser: path.join(folder, 'profile-worker.mjs'),
  opener: path.join(folder, 'open-worker.mjs'),
  helper: path.join(folder, 'helper-worker.mjs'),
});

export interface StoreContext {
  /** The thread that reads what stands beside profiles; without it, this one does. */
  readonly requests?: Pick<RequestThread, 'group'>;
  roots(): readonly string[];
  thresholds(): Thresholds;
}

export function profileStore(workers: ProfileWorkers, context: StoreContext): ProfileStore {
  const entries = new Map<string, Entry>();
  const slabs = new WeakMap<OpenedProfile, Slab>();
  const readings = new Map<string, Reading>();
  const choices = new Map<string, number | 'merge'>();
  const partOf = partFinder(context.requests?.group ?? threadGroup);
  const opener = profileOpener(workers.opener, workers.helper);
  opener.start();
  /** Counts how often the thresholds have changed. */
  let generation = 0;

  const read = async (
    file: string,
    signal: AbortSignal,
    onProgress: (read: number, size: number) => void,
    storage: string | undefined,
    select: number | 'merge' | undefined,
  ): ReturnType<ProfileStore['open']> => {
    const begun = generation;
    const part = await partOf(file, select);
    const { source, stamp } = part;
    const key = keyOf(file, part.select);
    const known = entries.get(key);
    if (known && known.stamp === stamp) {
      entries.delete(key);
      entries.set(key, known);
      return ok(known.profile);
    }
    const sourceStamp = source === undefined ? '' : await stampOf(source);
    const job = (from: OpenJob['source'], content: FileContent | undefined): OpenJob => ({
      ...{ file, source: from, content },
      thresholds: context.thresholds(),
      roots: context.roots(),
    });
    const kept =
      storage === undefined || source === undefined || sourceStamp === ''
        ? ok(undefined)
        : await opener.open(job({ kind: 'kept', storage, source, stamp: sourceStamp, version: slabVersion }, await contentOf(part)), signal);
    let content = kept.ok && kept.value ? await contentOf(part) : undefined;
    let opened = kept;
    if (!kept.ok || !kept.value) {
      let parsed = await parseInWorker(workers.parser, file, { signal, onProgress, select });
      if (!parsed.ok && parsed.error.kind === 'no-such-profile') {
        // The file has been written anew, with fewer profiles.
        choices.delete(file);
        parsed = await parseInWorker(workers.parser, file, { signal, onProgress });
      }
      // What was chosen once does not keep a file shut for ever.
      if (!parsed.ok && parsed.error.kind !== 'cancelled' && choices.get(file) === select) choices.delete(file);
      if (!parsed.ok) return parsed;
      const { tables, warnings, slab, file: given } = parsed.value;
      content = given;
      opened = await opener.open(job({ kind: 'read', tables: plainTables(tables), warnings, slab }, given), signal);
    }
    if (!opened.ok) return opened;
    if (!opened.value) throw new Error('tables that were read are opened');
    const { profile, view, slab, name, fileWarnings } = opened.value;
    content ??= plainContent(profile);
    // Of a recording whose first profile cannot be read, it is another that was.
    const isOfSource = part.group === undefined || content.selected === part.select;
    const from = isOfSource ? { source, stamp: sourceStamp } : { source: undefined, stamp: '' };
    slabs.set(profile, { view, bytes: slab, ...from, warnings: fileWarnings, content, name });
    // What was asked for before the thresholds changed is answered, but not kept.
    if (begun !== generation) return ok(profile);
    entries.delete(key);
    entries.set(key, { stamp, profile });
    for (const oldest of entries.keys()) {
      if (entries.size <= MAX_OPEN) break;
      entries.delete(oldest);
    }
    return ok(profile);
  };

  return {
    async open(file, { signal, onProgress, storage, select = choices.get(file) } = {}) {
      if (signal?.aborted) return err({ kind: 'cancelled' });
      const key = keyOf(file, select);
      let reading = readings.get(key);
      if (!reading) {
        const abort = new AbortController();
        const listeners: Reading['listeners'] = new Set();
        const tell = (at: number, size: number): void => {
          for (const listener of listeners) listener(at, size);
        };
        const result = read(file, abort.signal, tell, storage, select).finally(() => {
          if (readings.get(key) === reading) readings.delete(key);
        });
        reading = { result, abort, listeners, waiting: 0 };
        readings.set(key, reading);
      }
      const { result, abort, listeners } = reading;
      reading.waiting++;
      if (onProgress) listeners.add(onProgress);
      const leave = (): void => {
        if (onProgress) listeners.delete(onProgress);
        if (--reading.waiting > 0) return;
        // Whoever asks from now on starts anew.
        if (readings.get(key) === reading) readings.delete(key);
        abort.abort();
      };
      if (!signal) return result.finally(leave);
      const left = new Promise<Result<OpenedProfile, ProfileIssue>>((resolve) => {
        signal.addEventListener('abort', () => resolve(err({ kind: 'cancelled' })), { once: true });
      });
      return Promise.race([result, left]).finally(leave);
    },
    async slabFile(profile, folder) {
      const slab = slabs.get(profile);
      if (!slab) throw new Error('the profile is not of this store');
      const bytes = slab.bytes.byteLength;
      if (!(await useSlab(folder, slab.name, bytes))) {
        await writeSlab(folder, slab.bytes, slab.name);
        // Of other formats there may be several profiles, which a slab says nothing of: they are read again.
        if (slab.content.format === 'cpuprofile' && slab.source !== undefined) await noteSlab(folder, slab.source, slab.stamp, slab.name, slab.warnings);
      }
      return { file: path.join(folder, slab.name), bytes };
    },
    sent(given) {
      const view = slabs.get(given)?.view;
      if (!view) throw new Error('the profile is not of this store');
      const { tables, sources: _, info, ...profile } = given;
      return { profile: { ...profile, info: info && withoutSources(info) }, tables: plainTables(tables), view, roots: context.roots() };
    },
    content(profile) {
      return slabs.get(profile)?.content ?? plainContent(profile);
    },
    choose(file, select) {
      choices.set(file, select);
    },
    forget() {
      entries.clear();
      readings.clear();
      generation++;
    },
    dispose: () => opener.dispose(),
  };
}

const keyOf = (file: string, select: number | 'merge' | undefined): string => `${select ?? ''}\0${file}`;

/** What there is besides a profile that did not have to be read. */
const contentOf = async ({ group, select }: ProfilePart): Promise<FileContent | undefined> =>
  group && typeof select === 'number' ? contentOfThread(group, select) : undefined;

/** A `.cpuprofile` holds one profile. */
function plainContent({ tables, totals }: OpenedProfile): FileContent {
  return { format: 'cpuprofile', profiles: [{ name: 'CPU', unit: tables.unit, samples: totals.samples }], selected: 0 };
}
