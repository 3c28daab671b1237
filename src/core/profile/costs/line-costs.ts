import type { ProfileTables } from '../tables';

/** Self time and ticks of one line of one function. */
export interface FunctionLineCost {
  readonly func: number;
  /** 1-based, in the file that ran (before source maps). */
  readonly line: number;
  /** Microseconds. */
  readonly self: number;
  /** Samples on the line; NaN where the file tells only what part of a node's cost fell on it (see `StackBuilder`). */
  readonly ticks: number;
}

/**
 * Self time by (function, line): each call node's self time is shared out over
 * its position ticks. Ordered by function, then line. Samples without ticks give
 * no line, so the sum may be below the function's self time. O(entries), or
 * O(entries log entries) where line numbers are larger than any file's.
 */
export function lineCosts(tables: ProfileTables): FunctionLineCost[] {
  const { nodes, lines, functions } = tables;
  const ticksOfNode = new Float64Array(nodes.length);
  const funcOf = new Uint32Array(lines.length);
  for (let i = 0; i < lines.length; i++) {
    const node = lines.node[i] as number;
    ticksOfNode[node] = (ticksOfNode[node] as number) + (lines.ticks[i] as number);
    funcOf[i] = nodes.func[node] as number;
  }
  const order = sortedBy(funcOf, functions.length, byLine(lines.line));
  const rows: { func: number; line: number; self: number; ticks: number }[] = [];
  let row: (typeof rows)[number] | undefined;
  for (let at = 0; at < order.length; at++) {
    const i = order[at] as number;
    const node = lines.node[i] as number;
    const func = funcOf[i] as number;
    const line = lines.line[i] as number;
    const ticks = lines.ticks[i] as number;
    if (row?.func !== func || row.line !== line) {
      row = { func, line, self: 0, ticks: 0 };
      rows.push(row);
    }
    // Samples without a tick ran on a line that is not known.
    row.self += ((nodes.self[node] as number) * ticks) / Math.max(ticksOfNode[node] as number, nodes.hits[node] as number);
    // Far more than the node has samples: they are parts of a million.
    row.ticks += (ticksOfNode[node] as number) > (nodes.hits[node] as number) + SPARE ? Number.NaN : ticks;
  }
  return rows;
}

/** Ticks may be a few more than samples: V8 counts the ones of its last moment, and does not list the sample. */
const SPARE = 16;

/** No source file has more lines; a table of counts for them is small. */
const MOST_LINES = 1 << 20;

/** The entries by rising line, equal ones in their order. */
function byLine(line: Uint32Array): Uint32Array {
  const entries = new Uint32Array(line.length);
  let most = 0;
  for (let i = 0; i < entries.length; i++) {
    entries[i] = i;
    if ((line[i] as number) > most) most = line[i] as number;
  }
  return most < MOST_LINES ? sortedBy(line, most + 1, entries) : entries.sort((a, b) => (line[a] as number) - (line[b] as number) || a - b);
}

/** A counting sort, stable: `entries` by rising key, which is below `keys`. */
function sortedBy(key: Uint32Array, keys: number, entries: Uint32Array): Uint32Array {
  const next = new Uint32Array(keys + 1);
  for (let i = 0; i < entries.length; i++) {
    const after = (key[entries[i] as number] as number) + 1;
    next[after] = (next[after] as number) + 1;
  }
  for (let k = 0; k < keys; k++) next[k + 1] = (next[k + 1] as number) + (next[k] as number);
  const sorted = new Uint32Array(entries.length);
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i] as number;
    const at = next[key[entry] as number] as number;
    sorted[at] = entry;
    next[key[entry] as number] = at + 1;
  }
  return sorted;
}
