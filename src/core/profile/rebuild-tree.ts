import type { ProfileTables } from './tables';
import type { Transformed } from './transform';
import { nodeTable, orderDepthFirst } from './tree-order';

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

/**
 * Makes a new tree from verdicts, asked for in depth-first order: `up` is the row
 * that the parent became, 0 for the root and for what lies under nothing else
 * that is kept. Nodes of one function below one parent become one. O(nodes).
 * `keepsSelf`, where given, drops the own cost of nodes that are kept for their children.
 */
export function rebuildTree(tables: ProfileTables, decide: (node: number, up: number) => Verdict, keepsSelf?: (node: number) => boolean): Transformed {
  const { nodes } = tables;
  const { length } = nodes;
  /** Row of the new tree below which children go; the cost of a dropped node goes nowhere. */
  const row = new Int32Array(length);
  const target = new Int32Array(length);
  const parent = new Int32Array(length).fill(-1);
  const func = new Uint32Array(length);
  const deopt = new Uint32Array(length);
  const self = new Float64Array(length);
  const hits = new Uint32Array(length);
  const children = childIndex(length);
  func[0] = nodes.func[0] as number;
  let count = 1;
  let dropped = 0;
  const child = (up: number, own: number, node: number): number => {
    const slot = children.slotOf(up, own, parent, func);
    const known = children.rowAt(slot);
    if (known >= 0) return known;
    parent[count] = up;
    func[count] = own;
    deopt[count] = nodes.deopt[node] as number;
    children.set(slot, count);
    return count++;
  };
  for (let node = 0; node < length; node++) {
    const cost = nodes.self[node] as number;
    if (node > 0) {
      const up = row[nodes.parent[node] as number] as number;
      const verdict = decide(node, up);
      switch (verdict.kind) {
        case 'keep':
          row[node] = child(up, nodes.func[node] as number, node);
          break;
        case 'as':
          row[node] = child(up, verdict.func, node);
          break;
        case 'restart':
          row[node] = child(0, nodes.func[node] as number, node);
          break;
        case 'into':
          row[node] = row[verdict.node] as number;
          break;
        case 'merge':
          row[node] = up;
          break;
        case 'drop':
          row[node] = up;
          dropped += cost;
          target[node] = -1;
          continue;
      }
    }
    const at = row[node] as number;
    if (keepsSelf && !keepsSelf(node)) {
      dropped += cost;
      target[node] = -1;
      continue;
    }
    target[node] = at;
    self[at] = (self[at] as number) + cost;
    hits[at] = (hits[at] as number) + (nodes.hits[node] as number);
  }
  const tree = { count, parent, root: 0 };
  const order = orderDepthFirst(tree, self.subarray(0, count));
  for (let node = 0; node < length; node++) if ((target[node] as number) >= 0) target[node] = order.positionOf[target[node] as number] as number;
  return {
    tables: {
      ...tables,
      nodes: nodeTable(tree, order, { self, hits, func: (at) => func[at] as number, deopt: (at) => deopt[at] as number }),
      samples: { length: 0, node: new Uint32Array(0), start: new Float64Array(0) },
      lines: { length: 0, node: new Uint32Array(0), line: new Uint32Array(0), ticks: new Uint32Array(0) },
    },
    dropped,
    target,
  };
}

/** Whether a parent has several nodes of one function. O(nodes). */
export function hasTwins({ nodes }: ProfileTables): boolean {
  const { length, parent, func } = nodes;
  const children = childIndex(length);
  for (let node = 1; node < length; node++) {
    const slot = children.slotOf(parent[node] as number, func[node] as number, parent, func);
    if (children.rowAt(slot) >= 0) return true;
    children.set(slot, node);
  }
  return false;
}

/** Rows by (parent, function): open addressing, the keys stand in the rows themselves. */
function childIndex(capacity: number) {
  let size = 1024;
  while (size < capacity * 2) size *= 2;
  const slots = new Int32Array(size).fill(-1);
  const mask = size - 1;
  return {
    /** The slot of the row with this parent and function, or the free one where it belongs. */
    slotOf(up: number, own: number, parent: Int32Array, func: Uint32Array): number {
      let slot = (Math.imul(up + 1, 0x9e3779b1) ^ Math.imul(own + 1, 0x85ebca6b)) & mask;
      for (;;) {
        const known = slots[slot] as number;
        if (known < 0 || (parent[known] === up && func[known] === own)) return slot;
        slot = (slot + 1) & mask;
      }
    },
    rowAt: (slot: number): number => slots[slot] as number,
    set(slot: number, value: number): void {
      slots[slot] = value;
    },
  };
}
