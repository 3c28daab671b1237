import type { AllocationTraces, HeapGraph } from '../graph/heap-graph';

export type AllocationFrame = AllocationTraces['functions'][number];

const rowsById = new WeakMap<AllocationTraces, Map<number, number>>();

/** Who made a node, innermost first; undefined where that was not tracked, as for all that was there before. */
export function allocationStack({ nodes, traces }: HeapGraph, node: number): readonly AllocationFrame[] | undefined {
  const id = nodes.traceNode?.[node] ?? 0;
  if (!traces || id === 0) return undefined;
  let rows = rowsById.get(traces);
  if (!rows) {
    rows = new Map(Array.from(traces.id, (one, row) => [one, row]));
    rowsById.set(traces, rows);
  }
  const frames: AllocationFrame[] = [];
  // Parents stand before their children, so this ends; the root stands for no function.
  for (let row = rows.get(id) ?? -1; row > 0; row = traces.parent[row] as number) {
    const frame = traces.functions[traces.func[row] as number];
    if (frame) frames.push(frame);
  }
  return frames.length > 0 ? frames : undefined;
}
