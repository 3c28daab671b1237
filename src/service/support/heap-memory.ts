/** What a heap snapshot needs of memory, and what there is: a refusal names both, before the time is spent. */
import fs from 'node:fs';
import os from 'node:os';
import v8 from 'node:v8';
import type { HeapGraph } from '../../core/heap/graph/heap-graph';
import type { SnapshotHeader } from '../../core/heap/read/snapshot-header';
import type { HeapIssue } from '../../shared/issue';
import { err, type Result } from '../../shared/result';

type NoRoom = Extract<HeapIssue, { kind: 'too-little-memory' }>;
type Counts = Pick<SnapshotHeader, 'nodeCount' | 'edgeCount'>;

/** Type, name, id, size, edges, state; then class, dominator, retained and shallow size, distance, work space of the dominators. */
const BYTES_A_NODE = 120;
/** Type, name, target; whether it counts, and its place in the lists of the dominators. */
const BYTES_AN_EDGE = 20;
/** Smaller files are read without asking. */
const SMALL = 64 << 20;

/** Bytes that parsing and analysing take at most: tables of nodes, edges and retainers, the strings, and this process. */
export function memoryNeeded({ nodeCount, edgeCount }: Counts, fileBytes: number): number {
  const nodes = Math.min(nodeCount, fileBytes / 12);
  const edges = Math.min(edgeCount, fileBytes / 6);
  const numbers = nodes * BYTES_A_NODE + edges * BYTES_AN_EDGE;
  // What is neither nodes nor edges is strings, as a rule. A node has 25 bytes of text at least, an edge 10.
  const strings = Math.max(0, fileBytes - nodes * 25 - edges * 10);
  return numbers + strings + (64 << 20);
}

/** Refuses a snapshot for which there is too little memory; `share` of what is free is its own, where others are read at the same time. */
export function refuseLarge(counts: Counts, fileBytes: number, share: number): HeapIssue | undefined {
  if (fileBytes < SMALL) return undefined;
  const needed = memoryNeeded(counts, fileBytes);
  const available = availableMemory() * share;
  return needed > available ? { kind: 'too-little-memory', needed, available } : undefined;
}

/** Does work on a snapshot that was read: where an array finds no room, that is an issue with what would do. */
export function withinMemory<T, E>({ nodes, edges, fileBytes }: HeapGraph, work: () => Result<T, E>): Result<T, E | NoRoom> {
  try {
    return work();
  } catch (error) {
    if (!isNoRoom(error)) throw error;
    return err(noRoom({ nodeCount: nodes.length, edgeCount: edges.length }, fileBytes));
  }
}

/** Whether an array was refused: its memory, or as many elements. */
export const isNoRoom = (error: unknown): boolean =>
  error instanceof RangeError && /allocation failed|Invalid (?:typed array|array|array buffer) length|Array buffer/i.test(error.message);

export const noRoom = (counts: Counts, fileBytes: number): NoRoom => ({
  kind: 'too-little-memory',
  needed: memoryNeeded(counts, fileBytes),
  available: undefined,
});

/** Bytes of the JavaScript heap that this thread may still take for one thing, with room for what is made of it. */
export function heapLeft(): number {
  const { heap_size_limit: limit, used_heap_size: used } = v8.getHeapStatistics();
  return Math.max(0, limit * 0.75 - used);
}

/** Bytes that this process may still take: what is free, or what a container or a limit of the shell (`ulimit -v`) leaves. */
export function availableMemory(): number {
  const limit = process.constrainedMemory?.() ?? 0;
  const left = limit > 0 && limit < os.totalmem() ? limit - process.memoryUsage.rss() : Number.POSITIVE_INFINITY;
  return Math.max(0, Math.min(left, addressSpaceLeft(), freeMemory()));
}

/** Linux: bytes of addresses that the process may still have; endless where nothing limits it. */
export function addressSpaceLeft(): number {
  const limit = numberIn('/proc/self/limits', /^Max address space\s+(\d+)/m);
  const used = limit === undefined ? undefined : numberIn('/proc/self/status', /^VmSize:\s+(\d+) kB/m);
  return limit === undefined || used === undefined ? Number.POSITIVE_INFINITY : limit - used * 1024;
}

function freeMemory(): number {
  // `os.freemem` of old Node.js counts what the system would give back as taken.
  const available = numberIn('/proc/meminfo', /^MemAvailable:\s+(\d+) kB/m);
  if (available !== undefined) return available * 1024;
  return process.platform === 'darwin' ? os.totalmem() * 0.75 : os.freemem();
}

function numberIn(file: string, pattern: RegExp): number | undefined {
  try {
    const text = pattern.exec(fs.readFileSync(file, 'latin1'))?.[1];
    return text === undefined ? undefined : Number(text);
  } catch {
    return undefined; // not Linux
  }
}
