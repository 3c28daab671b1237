import fs from 'node:fs';
import os from 'node:os';
import type { ParsedHeap } from '../core/heap/heap-graph';
import { parseHeapSnapshot } from '../core/heap/parse-snapshot';
import type { SnapshotHeader } from '../core/heap/snapshot-header';
import type { HeapIssue } from '../shared/issue';
import { err, type Result } from '../shared/result';

export interface HeapReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes read and all bytes. */
  readonly onProgress?: ((read: number, size: number) => void) | undefined;
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

export function readHeapSnapshotSync(file: string, { signal, onProgress }: HeapReadOptions = {}): Result<ParsedHeap, HeapIssue> {
  let handle: number | undefined;
  try {
    handle = fs.openSync(file, 'r');
    const opened = handle;
    const stat = fs.fstatSync(opened);
    if (stat.isDirectory()) return err({ kind: 'unreadable', code: 'EISDIR', detail: 'it is a folder' });
    let at = 0;
    let told = 0;
    const read = (into: Uint8Array): number => {
      if (signal?.aborted) throw new Stop({ kind: 'cancelled' });
      const count = fs.readSync(opened, into, 0, into.length, null);
      at += count;
      if (at - told >= PROGRESS_STEP || (count === 0 && at > told)) {
        told = at;
        onProgress?.(at, Math.max(at, stat.size));
      }
      return count;
    };
    const size = stat.isFile() ? stat.size : 0;
    return parseHeapSnapshot({ read }, { window: WINDOW, fileBytes: size, onHeader: (header) => tooLarge(header, size) });
  } catch (error) {
    if (error instanceof Stop) return err(error.issue);
    // More than there is memory for, or than an array can hold.
    if (error instanceof RangeError) return err({ kind: 'crashed', detail: error.message });
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return err({ kind: 'unreadable', code, detail: message });
  } finally {
    if (handle !== undefined) fs.closeSync(handle);
  }
}

/** Bytes that parsing and analysing take at most: tables of nodes, edges and retainers, the strings, and this process. */
export function memoryNeeded({ nodeCount, edgeCount }: Pick<SnapshotHeader, 'nodeCount' | 'edgeCount'>, fileBytes: number): number {
  const nodes = Math.min(nodeCount, fileBytes / 12);
  const edges = Math.min(edgeCount, fileBytes / 6);
  const numbers = nodes * BYTES_A_NODE + edges * BYTES_AN_EDGE;
  // What is neither nodes nor edges is strings, as a rule. A node has 25 bytes of text at least, an edge 10.
  const strings = Math.max(0, fileBytes - nodes * 25 - edges * 10);
  return numbers + strings + (64 << 20);
}

/** Type, name, id, size, edges, state; then class, dominator, retained and shallow size, distance, work space of the dominators. */
const BYTES_A_NODE = 120;
/** Type, name, target; retainer and its edge. */
const BYTES_AN_EDGE = 17;

function tooLarge(header: SnapshotHeader, fileBytes: number): HeapIssue | undefined {
  if (fileBytes < 64 << 20) return undefined;
  const needed = memoryNeeded(header, fileBytes);
  const available = availableMemory();
  return needed > available ? { kind: 'too-little-memory', needed, available } : undefined;
}

/** Bytes that this process may still take: what is free, or what a container leaves. */
function availableMemory(): number {
  const limit = process.constrainedMemory?.() ?? 0;
  const left = limit > 0 && limit < os.totalmem() ? limit - process.memoryUsage.rss() : Number.POSITIVE_INFINITY;
  return Math.min(left, freeMemory());
}

function freeMemory(): number {
  // `os.freemem` of old Node.js counts what the system would give back as taken.
  try {
    const available = /^MemAvailable:\s+(\d+) kB/m.exec(fs.readFileSync('/proc/meminfo', 'latin1'))?.[1];
    if (available !== undefined) return Number(available) * 1024;
  } catch {
    // Not Linux.
  }
  return process.platform === 'darwin' ? os.totalmem() * 0.75 : os.freemem();
}

/** Ends the parser's pass from within its source. */
class Stop extends Error {
  readonly issue: HeapIssue;

  constructor(issue: HeapIssue) {
    super(issue.kind);
    this.issue = issue;
  }
}
