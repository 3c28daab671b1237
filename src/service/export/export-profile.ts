import fs from 'node:fs/promises';
import type { ExportIssue } from '../../shared/issue';
import { err, ok, type Result } from '../../shared/result';
import type { OpenedProfile } from '../profile/opened-profile';
import type { Chunks, ExportContext, ExportFormat } from './export-formats';
import { rootsOf, shareable } from './share-text';

export interface ExportTarget {
  readonly out: string;
  /** An existing file is replaced; else it is an issue. */
  readonly overwrite: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** The profile in another format, as chunks worth a write each; nothing in them names the user's home. */
export async function exportChunks(profile: OpenedProfile, format: ExportFormat, context: ExportContext): Promise<Result<Chunks, ExportIssue>> {
  const roots = rootsOf(profile, context.roots);
  const written = await format.write(shareable(profile, roots), { ...context, roots });
  return 'ok' in written ? written : ok(batched(written));
}

/** Writes the profile in another format; gives the bytes. What cannot be finished is taken away. */
export async function exportProfile(
  profile: OpenedProfile,
  format: ExportFormat,
  target: ExportTarget,
  context: ExportContext,
): Promise<Result<number, ExportIssue>> {
  const { out, overwrite, signal } = target;
  if (await isSameFile(out, profile.file)) return err({ kind: 'same-file', out });
  // Before the file is opened: what cannot be made must not empty an existing one.
  const chunks = await exportChunks(profile, format, context);
  if (!chunks.ok) return chunks;
  let handle: fs.FileHandle;
  try {
    handle = await fs.open(out, overwrite ? 'w' : 'wx');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EEXIST' ? err({ kind: 'exists', out }) : err(notWritable(out, error));
  }
  let bytes = 0;
  let issue: ExportIssue | undefined;
  try {
    for (const chunk of chunks.value) {
      if (signal?.aborted) {
        issue = { kind: 'cancelled' };
        break;
      }
      const data = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      await handle.writeFile(data);
      bytes += data.byteLength;
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    issue = notWritable(out, error);
  } finally {
    // A pipe or a device is not Plateau's to remove.
    const isFile = (await handle.stat().catch(() => undefined))?.isFile() === true;
    await handle.close().catch((error: unknown) => {
      issue ??= notWritable(out, error);
    });
    if (issue && isFile) await fs.rm(out, { force: true }).catch(() => {}); // the issue is told either way
  }
  return issue ? err(issue) : ok(bytes);
}

/** Small chunks of text together, so that a write is worth its call. */
function* batched(chunks: Chunks): Generator<string | Uint8Array> {
  let batch = '';
  for (const chunk of chunks) {
    if (typeof chunk !== 'string') {
      if (batch !== '') yield batch;
      batch = '';
      yield chunk;
      continue;
    }
    batch += chunk;
    if (batch.length < 1 << 18) continue;
    yield batch;
    batch = '';
  }
  if (batch !== '') yield batch;
}

async function isSameFile(out: string, file: string): Promise<boolean> {
  const [a, b] = await Promise.all([out, file].map((one) => fs.stat(one, { bigint: true }).catch(() => undefined)));
  return a !== undefined && b !== undefined && a.isFile() && a.dev === b.dev && a.ino === b.ino;
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && 'syscall' in error;

const notWritable = (out: string, error: unknown): ExportIssue => {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return { kind: 'not-writable', out, code, detail: message.replace(/^[A-Z]+: /, '').replace(/, \w+ '.*'$/, '') };
};
