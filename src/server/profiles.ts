import path from 'node:path';
import type { Thresholds } from '../core/findings/thresholds';
import type { ProfileTables } from '../core/profile/tables';
import { askMounts } from '../files/answering';
import { type OpenedProfile, openProfile } from '../service/opened-profile';
import { parseInWorker } from '../service/parse-in-worker';
import type { FileContent } from '../service/profile-worker';
import { readInfo } from '../service/recordings';
import { noteSlab, readCachedSlab, stampOf, useSlab, writeSlab } from '../service/slab-cache';
import type { ProfileIssue, ProfileWarning } from '../shared/issue';
import { err, ok, type Result } from '../shared/result';
import { type FileLocator, fileLocator, urlToPath } from '../source/locate';
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
  /** What a profile's file is and holds. */
  content(profile: OpenedProfile): FileContent;
  /** Of a file with several profiles, which one is opened from now on. */
  choose(file: string, select: number | 'merge'): void;
  /** Reads the thresholds anew at the next opening. */
  forget(): void;
}

interface Entry {
  readonly stamp: string;
  readonly profile: OpenedProfile;
}

/** The slab of an opened profile, and of what it is. */
interface Slab {
  readonly bytes: ArrayBuffer;
  /** The file that it was made of, and how that was; undefined where several profiles were read. */
  readonly source: string | undefined;
  readonly stamp: string;
  readonly warnings: readonly ProfileWarning[];
  readonly content: FileContent;
  /** Its name in the storage, once that is known. */
  name: string | undefined;
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

export function profileStore(workerFile: string, context: { roots(): readonly string[]; thresholds(): Thresholds }): ProfileStore {
  const entries = new Map<string, Entry>();
  const slabs = new WeakMap<OpenedProfile, Slab>();
  const readings = new Map<string, Reading>();
  const choices = new Map<string, number | 'merge'>();
  const partOf = partFinder();
  let locator: { roots: string; value: FileLocator } | undefined;
  /** Counts how often the thresholds have changed. */
  let generation = 0;
  const currentLocator = (): FileLocator => {
    const roots = context.roots().join('\0');
    if (locator?.roots !== roots) locator = { roots, value: fileLocator(context.roots()) };
    return locator.value;
  };

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
    const cached = storage === undefined || source === undefined ? undefined : await readCachedSlab(storage, source, sourceStamp);
    let parsed = cached ? ok(cached) : await parseInWorker(workerFile, file, { signal, onProgress, select });
    if (!parsed.ok && parsed.error.kind === 'no-such-profile') {
      // The file has been written anew, with fewer profiles.
      choices.delete(file);
      parsed = await parseInWorker(workerFile, file, { signal, onProgress });
    }
    // What was chosen once does not keep a file shut for ever.
    if (!parsed.ok && parsed.error.kind !== 'cancelled' && choices.get(file) === select) choices.delete(file);
    if (!parsed.ok) return parsed;
    await askMounts([file, ...context.roots(), ...pathsOf(parsed.value.tables)]);
    const given = 'file' in parsed.value ? parsed.value.file : await contentOf(part);
    const profile = openProfile(file, parsed.value, {
      thresholds: context.thresholds(),
      locator: currentLocator(),
      info: await readInfo(file),
      content: given,
    });
    const content = given ?? plainContent(profile);
    // Of a recording whose first profile cannot be read, it is another that was.
    const isOfSource = part.group === undefined || content.selected === part.select;
    const from = isOfSource ? { source, stamp: sourceStamp } : { source: undefined, stamp: '' };
    slabs.set(profile, { bytes: parsed.value.slab, ...from, warnings: parsed.value.warnings, content, name: cached?.name });
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
      if (slab.name === undefined || !(await useSlab(folder, slab.name, bytes))) {
        slab.name = await writeSlab(folder, slab.bytes);
        // Of other formats there may be several profiles, which a slab says nothing of: they are read again.
        if (slab.content.format === 'cpuprofile' && slab.source !== undefined) await noteSlab(folder, slab.source, slab.stamp, slab.name, slab.warnings);
      }
      return { file: path.join(folder, slab.name), bytes };
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

/** The files of this machine that functions are in, by what the profile says. */
function pathsOf({ strings, functions }: ProfileTables): string[] {
  const urls = [...new Set(functions.url)].map((url) => urlToPath(strings.at(url)));
  return urls.filter((file) => file !== undefined && path.isAbsolute(file)) as string[];
}
