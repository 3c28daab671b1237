/** Worker thread: reads one profile and hands over its tables, and the slab that a webview gets of them. */
import { parentPort, workerData } from 'node:worker_threads';
import { encodeSlab } from '../../core/profile/slab';
import { withoutTwins } from '../../core/profile/views/rebuild-tree';
import type { ProfileIssue, ProfileWarning } from '../../shared/issue';
import type { ProfileSelection, ReadProfile } from './import-profile';
import { type PlainTables, plainTables, tableBuffers } from './plain-tables';
import { readProfileFile } from './read-profile';

/** What the file holds besides the profile that was read. */
export type FileContent = Pick<ReadProfile, 'format' | 'profiles' | 'selected' | 'together'>;

export type ProfileWorkerMessage =
  | { readonly kind: 'progress'; readonly read: number; readonly size: number }
  /** The string table arrives as its two columns: a class does not travel. */
  | {
      readonly kind: 'profile';
      readonly tables: PlainTables;
      readonly slab: ArrayBuffer;
      readonly warnings: readonly ProfileWarning[];
      readonly file: FileContent;
    }
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
  const { warnings, format, profiles, selected, together } = result.value;
  const read = withoutTwins(result.value.tables);
  const slab = encodeSlab(read);
  const tables = plainTables(read);
  tell({ kind: 'profile', tables, slab, warnings, file: { format, profiles, selected, together } }, [slab, ...tableBuffers(tables)]);
} else tell({ kind: 'failed', issue: result.error });
