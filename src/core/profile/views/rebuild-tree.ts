import { scratchFloat64, scratchInt32, scratchUint32 } from '../scratch';
import type { ProfileTables } from '../tables';
import { depthFirst } from '../tree-order';
import type { Transformed } from './transform';

/** What becomes of a node, given what became of its parent. */
export type Verdict =
  /** Stays, below what its parent became. */
  | { readonly kind: 'keep' }
  /** Stays, as another function. */
  | { readonly kind: 'as'; readonly func: number }
  /** Its cost goes to its parent, its children too. */
  | { readonly kind: 'merge' }
  /** Its cost goes to another node that stands before it, its children too. */
  | { readonly kind: 'into'; readonly node: number }
  /** Stays, right below the root. */
  | { readonly kind: 'restart' }
  /** Its cost is dropped; a child may still be kept, then below the nearest kept ancestor. */
  | { readonly kind: 'drop' };

/** A verdict is asked for a node: these are made once. */
export const keep: Verdict = { kind: 'keep' };
export const merge: Verdict = { kind: 'merge' };
export const restart: Verdict = { kind: 'restart' };
export const drop: Verdict = { kind: 'drop' };

/**
 * Makes a new tree from verdicts, asked for in depth-first order: `up` is the node
 * that stands for the parent now, 0 for the root and for what lies under nothing else
 * that is kept. Nodes of one function below one parent become one. O(nodes).
 * `keepsSelf`, where given, drops the own cost of nodes that are kept for their children.
 */
export function rebuildTree(
  tables: ProfileTables,
  decide: (node: number, up: number) => Verdict,
  keepsSelf?: (node: number) => boolean,
): Transformed & { readonly target: Int32Array } {
  const { nodes } = tables;
  const { length } = nodes;
  /** What stands for a node: itself, or the one that takes its cost and its children. */
  const holder = scratchInt32('rebuild.holder', length);
  /** Of what stands for itself: its parent now, and its function. */
  const upOf = scratchInt32('rebuild.up', length);
  const funcOf = scratchUint32('rebuild.func', length);
  /** -1 for what is dropped. */
  const target = new Int32Array(length);
  holder[0] = 0;
  for (let node = 1; node < length; node++) {
    const up = holder[nodes.parent[node] as number] as number;
    const verdict = decide(node, up);
    switch (verdict.kind) {
      case 'keep':
      case 'as':
      case 'restart':
        holder[node] = node;
        upOf[node] = verdict.kind === 'restart' ? 0 : up;
        funcOf[node] = verdict.kind === 'as' ? verdict.func : (nodes.func[node] as number);
        break;
      case 'into':
        holder[node] = holder[verdict.node] as number;
        break;
      case 'drop':
        target[node] = -1;
        holder[node] = up;
        break;
      case 'merge':
        holder[node] = up;
        break;
    }
  }
  const merged = mergeTwins(tables, holder, upOf, funcOf);
  const { count, rowOf } = merged;
  const self = scratchFloat64('rebuild.self', count).fill(0);
  const hits = scratchUint32('rebuild.hits', count).fill(0);
  const inlined = hasAny(nodes.inlined) ? scratchUint32('rebuild.inlined', count).fill(0) : undefined;
  let dropped = 0;
  for (let node = 0; node < length; node++) {
    const cost = nodes.self[node] as number;
    if (target[node] === -1 || (keepsSelf && !keepsSelf(node))) {
      target[node] = -1;
      dropped += cost;
      continue;
    }
    const row = rowOf[holder[node] as number] as number;
    target[node] = row;
    self[row] = (self[row] as number) + cost;
    hits[row] = (hits[row] as number) + (nodes.hits[node] as number);
    if (inlined) inlined[row] = (inlined[row] as number) + (nodes.inlined[node] as number);
  }
  const { nodes: rebuilt, positionOf } = depthFirst(
    { count, parent: merged.parent, root: 0 },
    {
      ...{ self, hits, func: merged.func },
      deopt: hasAny(nodes.deopt) ? (row) => nodes.deopt[merged.first[row] as number] as number : undefined,
      inlined: inlined && ((row) => inlined[row] as number),
    },
  );
  for (let node = 0; node < length; node++) if ((target[node] as number) >= 0) target[node] = positionOf[target[node] as number] as number;
  return {
    tables: {
      ...tables,
      nodes: rebuilt,
      samples: { length: 0, node: new Uint32Array(0), start: new Float64Array(0) },
      lines: { length: 0, node: new Uint32Array(0), line: new Uint32Array(0), ticks: new Uint32Array(0) },
    },
    dropped,
    target,
  };
}

function hasAny(column: Uint32Array): boolean {
  for (let node = 0; node < column.length; node++) if (column[node] !== 0) return true;
  return false;
}

interface MergedRows {
  /** Rows; each stands after its parent, the root first. */
  readonly count: number;
  readonly parent: Int32Array;
  readonly func: Uint32Array;
  /** The first of the nodes that a row is made of. */
  readonly first: Int32Array;
  /** The row of each node that stands for itself. */
  readonly rowOf: Int32Array;
}

/**
 * One row for all nodes of one function below one row. Rows are taken on depth first,
 * each once, with all the nodes that it is made of: so the last row that met a
 * function says whether it is met again, and nothing has to be looked up by pairs.
 */
function mergeTwins({ nodes, functions }: ProfileTables, holder: Int32Array, upOf: Int32Array, funcOf: Uint32Array): MergedRows {
  const { length } = nodes;
  const firstChild = scratchInt32('twins.firstChild', length).fill(-1);
  const nextChild = scratchInt32('twins.nextChild', length);
  for (let node = length - 1; node > 0; node--) {
    if (holder[node] !== node) continue;
    const up = upOf[node] as number;
    nextChild[node] = firstChild[up] as number;
    firstChild[up] = node;
  }
  const rowOf = scratchInt32('twins.rowOf', length);
  const parent = scratchInt32('twins.parent', length);
  const func = scratchUint32('twins.func', length);
  const first = scratchInt32('twins.first', length);
  const last = scratchInt32('twins.last', length);
  const nextTwin = scratchInt32('twins.nextTwin', length).fill(-1);
  const pending = scratchInt32('twins.pending', length);
  const metBy = new Int32Array(functions.length).fill(-1);
  const rowOfFunc = new Int32Array(functions.length);
  rowOf[0] = 0;
  parent[0] = -1;
  func[0] = nodes.func[0] as number;
  first[0] = 0;
  let count = 1;
  let waiting = 0;
  pending[waiting++] = 0;
  while (waiting > 0) {
    const row = pending[--waiting] as number;
    const begin = count;
    for (let node = first[row] as number; node >= 0; node = nextTwin[node] as number) {
      for (let child = firstChild[node] as number; child >= 0; child = nextChild[child] as number) {
        const own = funcOf[child] as number;
        if (metBy[own] === row) {
          const known = rowOfFunc[own] as number;
          rowOf[child] = known;
          nextTwin[last[known] as number] = child;
          last[known] = child;
          continue;
        }
        metBy[own] = row;
        rowOfFunc[own] = count;
        rowOf[child] = count;
        parent[count] = row;
        func[count] = own;
        first[count] = child;
        last[count] = child;
        count++;
      }
    }
    for (let child = count - 1; child >= begin; child--) pending[waiting++] = child;
  }
  return { count, parent, func, first, rowOf };
}

/**
 * The same profile with one node for each function below a parent, where it has several
 * (a script that was loaded twice): views that name a node by its functions could not tell them apart.
 */
export function withoutTwins(tables: ProfileTables): ProfileTables {
  if (!hasTwins(tables)) return tables;
  const { tables: merged, target } = rebuildTree(tables, () => keep);
  const move = (nodes: Uint32Array): Uint32Array => nodes.map((node) => target[node] as number);
  return {
    ...merged,
    samples: { ...tables.samples, node: move(tables.samples.node) },
    lines: { ...tables.lines, node: move(tables.lines.node) },
  };
}

/** Whether a parent has several nodes of one function. O(nodes). */
export function hasTwins({ nodes, functions }: ProfileTables): boolean {
  const { length, func, subtreeEnd } = nodes;
  const metBy = new Int32Array(functions.length).fill(-1);
  for (let node = 0; node < length; node++) {
    const end = subtreeEnd[node] as number;
    for (let child = node + 1; child < end; child = subtreeEnd[child] as number) {
      const own = func[child] as number;
      if (metBy[own] === node) return true;
      metBy[own] = node;
    }
  }
  return false;
}
