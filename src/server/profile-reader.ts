import path from 'node:path';
import type { Thresholds } from '../core/findings/thresholds';
import { profileOpener } from '../service/profile/open-in-worker';
import type { OpenJob } from '../service/profile/open-worker';
import type { OpenedProfile } from '../service/profile/opened-profile';
import { parseInWorker } from '../service/profile/parse-in-worker';
import { plainTables } from '../service/profile/plain-tables';
import type { FileContent } from '../service/profile/profile-worker';
import { slabVersion, stampOf } from '../service/profile/slab-cache';
import type { SentProfile } from '../service/requests/request-thread';
import type { ProfileIssue, ProfileWarning } from '../shared/issue';
import { err, ok, type Result } from '../shared/result';
import { contentOfThread, type ProfilePart } from './profile-parts';

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

/** Which of a file's profiles: its row, or all of them merged; undefined for the main one. */
export type Selection = number | 'merge' | undefined;

/** The slab of an opened profile, and of what it is. */
export interface Slab {
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

export interface ReadProfile {
  readonly profile: OpenedProfile;
  readonly slab: Slab;
}

export interface ReadRequest {
  readonly file: string;
  readonly part: ProfilePart;
  readonly select: Selection;
  readonly signal: AbortSignal;
  readonly onProgress: (read: number, size: number) => void;
  /** The folder with slabs of earlier openings, where there is one. */
  readonly storage: string | undefined;
}

/** What profiles are opened with. */
export interface OpeningContext {
  roots(): readonly string[];
  thresholds(): Thresholds;
}

export interface ProfileReader {
  read(request: ReadRequest): Promise<Result<ReadProfile, ProfileIssue>>;
  dispose(): void;
}

/** Reads profiles in threads: from the slab of an earlier opening, else from the file. Of `choices`, what was chosen of a file, those leave that cannot be read. */
export function profileReader(workers: ProfileWorkers, context: OpeningContext, choices: Map<string, Selection>): ProfileReader {
  const opener = profileOpener(workers.opener, workers.helper);
  opener.start();

  const job = (file: string, source: OpenJob['source'], content: FileContent | undefined): OpenJob => ({
    ...{ file, source, content },
    thresholds: context.thresholds(),
    roots: context.roots(),
  });

  /** Opens the slab of an earlier opening; undefined where there is none that fits. */
  async function openKept({ file, part, storage, signal }: ReadRequest, stamp: string) {
    const { source } = part;
    if (storage === undefined || source === undefined || stamp === '') return undefined;
    const content = await contentOf(part);
    const kept = await opener.open(job(file, { kind: 'kept', storage, source, stamp, version: slabVersion }, content), signal);
    return kept.ok && kept.value ? { opened: kept.value, content } : undefined;
  }

  async function parse({ file, select, signal, onProgress }: ReadRequest): ReturnType<typeof parseInWorker> {
    let parsed = await parseInWorker(workers.parser, file, { signal, onProgress, select });
    if (!parsed.ok && parsed.error.kind === 'no-such-profile') {
      // The file has been written anew, with fewer profiles.
      choices.delete(file);
      parsed = await parseInWorker(workers.parser, file, { signal, onProgress });
    }
    // What was chosen once does not keep a file shut for ever.
    if (!parsed.ok && parsed.error.kind !== 'cancelled' && choices.get(file) === select) choices.delete(file);
    return parsed;
  }

  async function openFile(request: ReadRequest) {
    const parsed = await parse(request);
    if (!parsed.ok) return parsed;
    const { tables, warnings, slab, file: content } = parsed.value;
    const opened = await opener.open(job(request.file, { kind: 'read', tables: plainTables(tables), warnings, slab }, content), request.signal);
    if (!opened.ok) return opened;
    if (!opened.value) throw new Error('tables that were read are opened');
    return ok({ opened: opened.value, content });
  }

  return {
    async read(request) {
      const { part } = request;
      const stamp = part.source === undefined ? '' : await stampOf(part.source);
      const kept = await openKept(request, stamp);
      const found = kept ? ok(kept) : await openFile(request);
      if (!found.ok) return err(found.error);
      const { profile, view, slab, name, fileWarnings } = found.value.opened;
      const content = found.value.content ?? plainContent(profile);
      // Of a recording whose first profile cannot be read, it is another that was.
      const isOfSource = part.group === undefined || content.selected === part.select;
      const from = isOfSource ? { source: part.source, stamp } : { source: undefined, stamp: '' };
      return ok({ profile, slab: { view, bytes: slab, ...from, warnings: fileWarnings, content, name } });
    },
    dispose: () => opener.dispose(),
  };
}

/** What there is besides a profile that did not have to be read. */
const contentOf = async ({ group, select }: ProfilePart): Promise<FileContent | undefined> =>
  group && typeof select === 'number' ? contentOfThread(group, select) : undefined;

/** A `.cpuprofile` holds one profile. */
export function plainContent({ tables, totals }: OpenedProfile): FileContent {
  return { format: 'cpuprofile', profiles: [{ name: 'CPU', unit: tables.unit, samples: totals.samples }], selected: 0 };
}
