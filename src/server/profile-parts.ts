import type { FileContent } from '../service/profile/profile-worker';
import { stampOf } from '../service/profile/slab-cache';
import { groupChoices, type ThreadGroup } from '../service/profile/thread-group';
import { firstProfileOf } from '../service/recordings/recorded-threads';
import { infoFile } from '../service/recordings/sidecar';

/** Where a profile that was asked for stands: the file itself, or that of a thread of its recording. */
export interface ProfilePart {
  /** The one file with it; undefined where it is made of several. */
  readonly source: string | undefined;
  /** What of the file's profiles: as it was asked for or, of a recording with several threads, the row. */
  readonly select: number | 'merge' | undefined;
  /** Changes with everything that it depends on. */
  readonly stamp: string;
  readonly group: ThreadGroup | undefined;
}

/** Reads what stands beside profiles, anew where it has changed; `threadsOf` tells the threads of its recording. */
export function partFinder(
  threadsOf: (file: string) => Promise<ThreadGroup | undefined>,
): (file: string, select: number | 'merge' | undefined) => Promise<ProfilePart> {
  const known = new Map<string, { readonly stamp: string; readonly group: ThreadGroup | undefined }>();
  const groupOf = async (file: string) => {
    if (!/\.cpuprofile$/i.test(file)) return { stamp: '', group: undefined };
    const first = firstProfileOf(file);
    const stamp = (await Promise.all([infoFile(file), ...(first === undefined ? [] : [infoFile(first)])].map((one) => stampOf(one)))).join();
    const before = known.get(file);
    if (before?.stamp === stamp) return before;
    const entry = { stamp, group: await threadsOf(file) };
    known.delete(file);
    known.set(file, entry);
    for (const oldest of known.keys()) {
      if (known.size <= MAX_KNOWN) break;
      known.delete(oldest);
    }
    return entry;
  };
  return async (file, select) => {
    const { stamp: beside, group } = await groupOf(file);
    if (!group) return { source: file, select, stamp: await stampOf(file), group };
    const row = select ?? group.at;
    const source = row === 'merge' ? undefined : group.files[row];
    const stamps = await Promise.all((source === undefined ? group.files : [source]).map((one) => stampOf(one)));
    return { source, select: row, stamp: `${beside} ${stamps.join(' ')}`, group };
  };
}

const MAX_KNOWN = 50;

/** What a recording with several threads holds, where one of them is read. */
export async function contentOfThread(group: ThreadGroup, row: number): Promise<FileContent> {
  return { format: 'cpuprofile', profiles: await groupChoices(group), selected: row };
}
