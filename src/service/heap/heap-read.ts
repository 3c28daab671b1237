import fs from 'node:fs';
import type { ParsedHeap } from '../../core/heap/graph/heap-graph';
import { parseHeapSnapshot } from '../../core/heap/read/parse-snapshot';
import type { SnapshotHeader } from '../../core/heap/read/snapshot-header';
import { openRegularFileSync } from '../../files/read-regular-sync';
import type { HeapIssue } from '../../shared/issue';
import { err, type Result } from '../../shared/result';
import { unreadable } from '../support/file-issue';
import { addressSpaceLeft, isNoRoom, noRoom, refuseLarge } from '../support/heap-memory';
import { startTail, type Tail } from './heap-tail';
import { BadCompression, type UnpackedSource, unpackedSource } from './heap-unpack';

export interface HeapReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes read and all bytes. */
  readonly onProgress?: ((read: number, size: number) => void) | undefined;
  /** The bundle `heap-thread`: then a second thread reads along. */
  readonly threadFile?: string | undefined;
  /** Of the free memory, what this snapshot may have, where others are read at the same time: 1 for all. */
  readonly memoryShare?: number | undefined;
}

/** Stays in the processor's cache. */
const WINDOW = 1 << 20;
const PROGRESS_STEP = 8 << 20;

/**
 * Reads and parses a `.heapsnapshot` of any size in one pass through a window of a
 * megabyte. Works synchronously, so for a worker thread or a process of its own; the
 * signal is looked at before every refill, and `onProgress`, which is called there too,
 * may abort it. Never throws for what a file may hold.
 */
export async function readHeapSnapshot(file: string, options: HeapReadOptions = {}): Promise<Result<ParsedHeap, HeapIssue>> {
  return readHeapSnapshotSync(file, options);
}

export function readHeapSnapshotSync(file: string, options: HeapReadOptions = {}): Result<ParsedHeap, HeapIssue> {
  let handle: number | undefined;
  let tail: Tail | undefined;
  const seen: { header: SnapshotHeader; size: number }[] = [];
  const check = (header: SnapshotHeader, size: number): HeapIssue | undefined => {
    seen.push({ header, size });
    return refuseLarge(header, size, options.memoryShare ?? 1);
  };
  try {
    const found = openRegularFileSync(file, { isChosen: true });
    if (!found.ok) return err(unreadable(found.error));
    const { size } = found.value;
    handle = found.value.descriptor;
    const unpacked = size > 0 ? unpackedSource(handle, size) : undefined;
    if (unpacked) return unpacked.ok ? parseUnpacked(unpacked.value, options, check) : unpacked;
    // It takes more addresses than memory.
    const isRoomy = options.threadFile !== undefined && addressSpaceLeft() === Number.POSITIVE_INFINITY;
    tail = options.threadFile !== undefined && isRoomy ? startTail(options.threadFile, file, handle, size) : undefined;
    const together = tail ? parseWithTail(handle, size, tail, options, check) : undefined;
    return together ?? parseAlone(handle, size, options, check);
  } catch (error) {
    if (error instanceof Stop) return err(error.issue);
    if (error instanceof BadCompression) return err({ kind: 'bad-compression', method: 'zstd', detail: error.message });
    const [told] = seen;
    if (told && isNoRoom(error)) return err(noRoom(told.header, told.size));
    if (error instanceof RangeError) return err({ kind: 'crashed', detail: error.message });
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return err({ kind: 'unreadable', code, detail: message });
  } finally {
    tail?.stop();
    if (handle !== undefined) fs.closeSync(handle);
  }
}

function parseUnpacked(source: UnpackedSource, options: HeapReadOptions, check: Check): Result<ParsedHeap, HeapIssue> {
  const pass = newPass(source.size, options);
  return parseHeapSnapshot(
    { read: (into) => pass.add(source.read(into)) },
    { window: WINDOW, fileBytes: source.size, onHeader: (header) => check(header, source.size) },
  );
}

type Check = (header: SnapshotHeader, size: number) => HeapIssue | undefined;

function parseAlone(handle: number, size: number, options: HeapReadOptions, check: Check): Result<ParsedHeap, HeapIssue> {
  const pass = newPass(size, options);
  // Pipes have no places; a file that was read in vain begins anew.
  const read = (into: Uint8Array): number => pass.add(fs.readSync(handle, into, 0, into.length, size > 0 ? pass.at : null));
  return parseHeapSnapshot({ read }, { window: WINDOW, fileBytes: size, onHeader: (header) => check(header, size) });
}

/** Undefined where the second thread did not read what it was to read, or anything is wrong with the file: places would be wrong too. */
function parseWithTail(handle: number, size: number, tail: Tail, options: HeapReadOptions, check: Check): Result<ParsedHeap, HeapIssue> | undefined {
  const pass = newPass(size, options);
  let hasJumped = false;
  let isJoined = false;
  const read = (into: Uint8Array): number => {
    if (pass.at === tail.start && !hasJumped) {
      const end = tail.end();
      hasJumped = end !== undefined;
      if (end === undefined) throw new InVain();
      pass.at = end;
    }
    const most = hasJumped ? into.length : Math.min(into.length, tail.start - pass.at);
    return pass.add(fs.readSync(handle, into, 0, most, pass.at));
  };
  const moreEdges = (offset: number): Uint32Array | undefined => {
    if (offset !== tail.start + 1) return undefined;
    isJoined = true;
    return tail.numbers();
  };
  try {
    const parsed = parseHeapSnapshot({ read }, { window: WINDOW, fileBytes: size, moreEdges, onHeader: (header) => check(header, size) });
    if (!parsed.ok) return parsed.error.kind === 'too-little-memory' ? parsed : undefined;
    if (!isJoined || parsed.value.warnings.length > 0) return undefined;
    return { ok: true, value: { ...parsed.value, graph: { ...parsed.value.graph, fileBytes: size } } };
  } catch (error) {
    if (error instanceof InVain) return undefined;
    throw error;
  }
}

/** Counts what has been read, tells of it, and looks at the signal. */
function newPass(size: number, { signal, onProgress }: HeapReadOptions): { at: number; add(count: number): number } {
  let told = 0;
  return {
    at: 0,
    add(count) {
      if (signal?.aborted) throw new Stop({ kind: 'cancelled' });
      this.at += count;
      if (this.at - told >= PROGRESS_STEP || (count === 0 && this.at > told)) {
        told = this.at;
        onProgress?.(this.at, Math.max(this.at, size));
      }
      return count;
    },
  };
}

/** The second thread found no list of plain numbers. */
class InVain extends Error {}

/** Ends the parser's pass from within its source. */
class Stop extends Error {
  readonly issue: HeapIssue;

  constructor(issue: HeapIssue) {
    super(issue.kind);
    this.issue = issue;
  }
}
