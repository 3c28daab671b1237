import type { ProfileTables } from './tables';

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
 * its position ticks. Ordered by function, then line. Nodes without ticks give
 * no line, so the sum may be below the function's self time. O(lines log lines).
 */
export function lineCosts(tables: ProfileTables): FunctionLineCost[] {
  const { nodes, lines, functions } = tables;
  const ticksOfNode = new Float64Array(nodes.length);
  for (let i = 0; i < lines.length; i++) {
    const node = lines.node[i] as number;
    ticksOfNode[node] = (ticksOfNode[node] as number) + (lines.ticks[i] as number);
  }
  // The entries by function, in their order: a counting sort.
  const from = new Uint32Array(functions.length + 1);
  for (let i = 0; i < lines.length; i++) {
    const func = nodes.func[lines.node[i] as number] as number;
    from[func + 1] = (from[func + 1] as number) + 1;
  }
  for (let func = 0; func < functions.length; func++) from[func + 1] = (from[func + 1] as number) + (from[func] as number);
  const fill = from.slice();
  const entries = new Uint32Array(lines.length);
  for (let i = 0; i < lines.length; i++) {
    const func = nodes.func[lines.node[i] as number] as number;
    const at = fill[func] as number;
    entries[at] = i;
    fill[func] = at + 1;
  }
  const rows: { func: number; line: number; self: number; ticks: number }[] = [];
  const byLine = (a: number, b: number): number => (lines.line[a] as number) - (lines.line[b] as number) || a - b;
  for (let func = 0; func < functions.length; func++) {
    const own = entries.subarray(from[func], from[func + 1]);
    if (own.length > 1) own.sort(byLine);
    let row: (typeof rows)[number] | undefined;
    for (const i of own) {
      const node = lines.node[i] as number;
      const line = lines.line[i] as number;
      const ticks = lines.ticks[i] as number;
      if (row?.line !== line) {
        row = { func, line, self: 0, ticks: 0 };
        rows.push(row);
      }
      row.self += ((nodes.self[node] as number) * ticks) / (ticksOfNode[node] as number);
      // More than the node has samples: they are parts of a million.
      row.ticks += (ticksOfNode[node] as number) > (nodes.hits[node] as number) ? Number.NaN : ticks;
    }
  }
  return rows;
}
