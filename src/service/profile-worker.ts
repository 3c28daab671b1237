/** Worker thread: reads one profile and hands over its slab. */
import { parentPort, workerData } from 'node:worker_threads';
import { encodeSlab } from '../core/profile/slab';
import type { ProfileIssue, ProfileWarning } from '../shared/issue';
import type { ProfileSelection, ReadProfile } from './import-profile';
import { readProfileFile } from './read-profile';

/** What the file holds besides the profile that was read. */
export type FileContent = Pick<ReadProfile, 'format' | 'profiles' | 'selected'>;

export type ProfileWorkerMessage =
  | { readonly kind: 'progress'; readonly read: number; readonly size: number }
  | { readonly kind: 'profile'; readonly slab: ArrayBuffer; readonly warnings: readonly ProfileWarning[]; readonly file: FileContent }
  | { readonly kind: 'failed'; readonly issue: ProfileIssue };

const { file, select } = workerData as { file: string; select?: ProfileSelection };
const tell = (message: ProfileWorkerMessage, transfer: ArrayBuffer[] = []): void => parentPort?.postMessage(message, transfer);

let told = 0;
const result = await readProfileFile(file, {
  select,
  onProgress(read, size) {
    if (read - told < size / 50) return;
    told = read;
    tell({ kind: 'progress', read, size });
  },
});
if (result.ok) {
  const { tables, warnings, format, profiles, selected } = result.value;
  const slab = encodeSlab(tables);
  tell({ kind: 'profile', slab, warnings, file: { format, profiles, selected } }, [slab]);
} else tell({ kind: 'failed', issue: result.error });
