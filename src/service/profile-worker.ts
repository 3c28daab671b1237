/** Worker thread: reads one profile and hands over its slab. */
import { parentPort, workerData } from 'node:worker_threads';
import { encodeSlab } from '../core/profile/slab';
import type { ProfileIssue, ProfileWarning } from '../shared/issue';
import { readProfileFile } from './read-profile';

export type ProfileWorkerMessage =
  | { readonly kind: 'progress'; readonly read: number; readonly size: number }
  | { readonly kind: 'profile'; readonly slab: ArrayBuffer; readonly warnings: readonly ProfileWarning[] }
  | { readonly kind: 'failed'; readonly issue: ProfileIssue };

const { file } = workerData as { file: string };
const tell = (message: ProfileWorkerMessage, transfer: ArrayBuffer[] = []): void => parentPort?.postMessage(message, transfer);

let told = 0;
const result = await readProfileFile(file, {
  onProgress(read, size) {
    if (read - told < size / 50) return;
    told = read;
    tell({ kind: 'progress', read, size });
  },
});
if (result.ok) {
  const slab = encodeSlab(result.value.tables);
  tell({ kind: 'profile', slab, warnings: result.value.warnings }, [slab]);
} else tell({ kind: 'failed', issue: result.error });
