import fs from 'node:fs';
import { readCpuProfile } from '../../core/formats/cpuprofile';
import type { BuiltProfile } from '../../core/profile/build/build-tables';
import { openRegularFileSync } from '../../files/read-regular-sync';
import type { ProfileIssue } from '../../shared/issue';
import { err, type Result } from '../../shared/result';
import { unreadable } from '../support/file-issue';
import type { ReadOptions } from './read-profile';

/** Tables are smaller than the file, and a slab of them has 32-bit offsets. */
const LIMIT = 2 ** 32;
/** Stays in the processor's cache; larger ones were no faster. */
const WINDOW = 1 << 20;
const PROGRESS_STEP = 8 << 20;

/**
 * Reads and parses a `.cpuprofile` in one pass through a window of a megabyte: memory is
 * that of the tables. Synchronous, so for a worker thread or a process of its own. The
 * signal is looked at before every refill; `onProgress`, which is called there too, may
 * abort it. Never throws for what a file may hold.
 */
export function streamCpuProfile(file: string, { signal, onProgress }: ReadOptions = {}): Result<BuiltProfile, ProfileIssue> {
  let handle: number | undefined;
  try {
    const found = openRegularFileSync(file, { isChosen: true });
    if (!found.ok) return err(unreadable(found.error));
    const { descriptor: opened, size } = found.value;
    handle = opened;
    if (size > LIMIT) return err({ kind: 'too-large', bytes: size, limit: LIMIT });
    let at = 0;
    let told = 0;
    const read = (into: Uint8Array): number => {
      if (signal?.aborted) throw new Stop({ kind: 'cancelled' });
      const count = fs.readSync(opened, into, 0, into.length, null);
      at += count;
      // It may grow meanwhile.
      if (at > LIMIT) throw new Stop({ kind: 'too-large', bytes: at, limit: LIMIT });
      if (at - told >= PROGRESS_STEP || (count === 0 && at > told)) {
        told = at;
        onProgress?.(at, Math.max(at, size));
      }
      return count;
    };
    return readCpuProfile({ read }, WINDOW, { size });
  } catch (error) {
    if (error instanceof Stop) return err(error.issue);
    // A file may hold more than there is memory for.
    if (error instanceof RangeError) return err({ kind: 'crashed', detail: error.message });
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return err({ kind: 'unreadable', code, detail: message });
  } finally {
    if (handle !== undefined) fs.closeSync(handle);
  }
}

/** Ends the scanner's pass from within its source. */
class Stop extends Error {
  readonly issue: ProfileIssue;

  constructor(issue: ProfileIssue) {
    super(issue.kind);
    this.issue = issue;
  }
}
