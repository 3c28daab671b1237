import fs from 'node:fs';
import os from 'node:os';
import type { ParsedHeap } from '../core/heap/heap-graph';
import { parseHeapSnapshot } from '../core/heap/parse-snapshot';
import type { SnapshotHeader } from '../core/heap/snapshot-header';
import type { HeapIssue } from '../shared/issue';
import { err, type Result } from '../shared/result';
import { startTail, type Tail } from './heap-tail';

export interface HeapReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes read and all bytes. */
  readonly onProgress?: ((read: number, size: number) => void) | undefined;
  /** The bundle `heap-thread`: then a second thread reads along. */
  readonly threadFile?: string | undefined;
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
  try {
    handle = fs.openSync(file, 'r');
    const stat = fs.fstatSync(handle);
    if (stat.isDirectory()) return err({ kind: 'unreadable', code: 'EISDIR', detail: 'it is a folder' });
    const size = stat.isFile() ? stat.size : 0;
    tail = options.threadFile === undefined ? undefined : startTail(options.threadFile, file, handle, size);
    const together = tail ? parseWithTail(handle, size, tail, options) : undefined;
    return together ?? parseAlone(handle, size, options);
  } catch (error) {
    if (error instanceof Stop) return err(error.issue);
    // More than there is memory for, or than an array can hold.
    if (error instanceof RangeError) return err({ kind: 'crashed', detail: error.message });
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return err({ kind: 'unreadable', code, detail: message });
  } finally {
    tail?.stop();
    if (handle !== undefined) fs.closeSync(handle);
  }
}

function parseAlone(handle: number, size: number, options: HeapReadOptions): Result<ParsedHeap, HeapIssue> {
  const pass = newPass(size, options);
  // Pipes have no places; a file that was read in vain begins anew.
  const read = (into: Uint8Array): number => pass.add(fs.readSync(handle, into, 0, into.length, size > 0 ? pass.at : null));
  return parseHeapSnapshot({ read }, { window: WINDOW, fileBytes: size, onHeader: (header) => tooLarge(header, size) });
}

/** Undefined where the second thread did not read what it was to read, or anything is wrong with the file: places would be wrong too. */
function parseWithTail(handle: number, size: number, tail: Tail, options: HeapReadOptions): Result<ParsedHeap, HeapIssue> | undefined {
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
    const parsed = parseHeapSnapshot({ read }, { window: WINDOW, fileBytes: size, moreEdges, onHeader: (header) => tooLarge(header, size) });
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
/** Type, name, target; whether it counts, and its place in the lists of the dominators. */
const BYTES_AN_EDGE = 20;

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
