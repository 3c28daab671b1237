import path from 'node:path';
import type { OpenedProfile } from '../service/profile/opened-profile';
import { plainTables } from '../service/profile/plain-tables';
import type { FileContent } from '../service/profile/profile-worker';
import { noteSlab, useSlab, writeSlab } from '../service/profile/slab-cache';
import { threadGroup } from '../service/profile/thread-group';
import { withoutSources } from '../service/recordings/packed-sources';
import type { RequestThread, SentProfile } from '../service/requests/request-thread';
import type { ProfileIssue } from '../shared/issue';
import { err, ok, type Result } from '../shared/result';
import { partFinder } from './profile-parts';
import { type OpeningContext, type ProfileWorkers, plainContent, profileReader, type ReadRequest, type Selection, type Slab } from './profile-reader';
import { sharedReadings } from './shared-readings';

export interface OpenOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((read: number, size: number) => void) | undefined;
  /** The folder with slabs of earlier openings, where there is one: an unchanged file is not parsed again. */
  readonly storage?: string | undefined;
  /** Of a file with several profiles; by default what was chosen last, else the main one. */
  readonly select?: Selection;
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

export interface StoreContext extends OpeningContext {
  /** The thread that reads what stands beside profiles; without it, this one does. */
  readonly requests?: Pick<RequestThread, 'group'>;
}

export function profileStore(workers: ProfileWorkers, context: StoreContext): ProfileStore {
  const entries = recentProfiles();
  const slabs = new WeakMap<OpenedProfile, Slab>();
  const readings = sharedReadings<Result<OpenedProfile, ProfileIssue>>();
  const choices = new Map<string, Selection>();
  const partOf = partFinder(context.requests?.group ?? threadGroup);
  const reader = profileReader(workers, context, choices);
  /** Counts how often the thresholds have changed. */
  let generation = 0;

  async function read(request: Omit<ReadRequest, 'part'>): ReturnType<ProfileStore['open']> {
    const begun = generation;
    const part = await partOf(request.file, request.select);
    const key = keyOf(request.file, part.select);
    const known = entries.get(key, part.stamp);
    if (known) return ok(known);
    const found = await reader.read({ ...request, part });
    if (!found.ok) return found;
    const { profile, slab } = found.value;
    slabs.set(profile, slab);
    // What was asked for before the thresholds changed is answered, but not kept.
    if (begun === generation) entries.set(key, part.stamp, profile);
    return ok(profile);
  }

  function slabOf(profile: OpenedProfile): Slab {
    const slab = slabs.get(profile);
    if (!slab) throw new Error('the profile is not of this store');
    return slab;
  }

  return {
    async open(file, { signal, onProgress, storage, select = choices.get(file) } = {}) {
      const left = err({ kind: 'cancelled' } as const);
      if (signal?.aborted) return left;
      const start = (whole: AbortSignal, tell: ReadRequest['onProgress']) => read({ file, select, signal: whole, onProgress: tell, storage });
      return readings.join(keyOf(file, select), start, { signal, onProgress, left });
    },
    slabFile: async (profile, folder) => writeSlabFile(slabOf(profile), folder),
    sent(given) {
      const { view } = slabOf(given);
      const { tables, sources: _, info, ...profile } = given;
      return { profile: { ...profile, info: info && withoutSources(info) }, tables: plainTables(tables), view, roots: context.roots() };
    },
    content: (profile) => slabs.get(profile)?.content ?? plainContent(profile),
    choose(file, select) {
      choices.set(file, select);
    },
    forget() {
      entries.clear();
      readings.forget();
      generation++;
    },
    dispose: () => reader.dispose(),
  };
}

const keyOf = (file: string, select: Selection): string => `${select ?? ''}\0${file}`;

/** Kept in memory; the least recently used goes first. */
const MAX_OPEN = 6;

/** The profiles that were used last, each as its file was. */
function recentProfiles() {
  const entries = new Map<string, { readonly stamp: string; readonly profile: OpenedProfile }>();
  const set = (key: string, stamp: string, profile: OpenedProfile): void => {
    entries.delete(key);
    entries.set(key, { stamp, profile });
    for (const oldest of entries.keys()) {
      if (entries.size <= MAX_OPEN) break;
      entries.delete(oldest);
    }
  };
  return {
    set,
    get(key: string, stamp: string): OpenedProfile | undefined {
      const known = entries.get(key);
      if (known?.stamp !== stamp) return undefined;
      set(key, stamp, known.profile);
      return known.profile;
    },
    clear: () => entries.clear(),
  };
}

async function writeSlabFile({ name, bytes, content, source, stamp, warnings }: Slab, folder: string): Promise<{ file: string; bytes: number }> {
  const size = bytes.byteLength;
  if (!(await useSlab(folder, name, size))) {
    await writeSlab(folder, bytes, name);
    // Of other formats there may be several profiles, which a slab says nothing of: they are read again.
    if (content.format === 'cpuprofile' && source !== undefined) await noteSlab(folder, source, stamp, name, warnings);
  }
  return { file: path.join(folder, name), bytes: size };
}
