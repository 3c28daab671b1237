import type { ProfileTables } from './tables';

/** Self time and ticks of one line of one function. */
export interface FunctionLineCost {
  readonly func: number;
  /** 1-based, in the file that ran (before source maps). */
  readonly line: number;
  /** Microseconds. */
  readonly self: number;
  readonly ticks: number;
}

/**
 * Self time by (function, line): each call node's self time is shared out over
 * its position ticks. Ordered by function, then line. Nodes without ticks give
 * no line, so the sum may be below the function's self time. O(lines log lines).
 */
export function lineCosts(tables: ProfileTables): FunctionLineCost[] {
  const { nodes, lines } = tables;
  const ticksOfNode = new Float64Array(nodes.length);
  for (let i = 0; i < lines.length; i++) {
    const node = lines.node[i] as number;
    ticksOfNode[node] = (ticksOfNode[node] as number) + (lines.ticks[i] as number);
  }
  const rows = new Map<number, { func: number; line: number; self: number; ticks: number }>();
  for (let i = 0; i < lines.length; i++) {
    const node = lines.node[i] as number;
    const func = nodes.func[node] as number;
    const line = lines.line[i] as number;
    const ticks = lines.ticks[i] as number;
    const cost = ((nodes.self[node] as number) * ticks) / (ticksOfNode[node] as number);
    const key = func * 0x1_0000_0000 + line;
    const row = rows.get(key);
    if (row) {
      row.self += cost;
      row.ticks += ticks;
    } else rows.set(key, { func, line, self: cost, ticks });
  }
  return [...rows.values()].sort((a, b) => a.func - b.func || a.line - b.line);
}
