import { Category } from '../../src/core/profile/categories';
import type { ProfileTables } from '../../src/core/profile/tables';
import type { FlameModel } from '../../src/core/profile/views/flame-model';

/** A run of frames, each with one child that counts, of which none is the user's own. */
export interface Trunk {
  /** Nodes from the outermost; the first stands for all of them while they are folded. */
  readonly frames: readonly number[];
}

/** Fewer rows are no trunk. */
const SHORTEST = 5;
/**
 * What a frame may keep for itself and for what is beside the trunk, and not be worth a row: a share of the
 * trunk's cost or of everything, whichever is more. All frames of a trunk together keep little of it.
 */
const LOST = 0.01;
const LOST_OF_ALL = 0.005;
const MOST_LOST = 0.1;

/** Whose a function is: what is the user's own is never folded. The body of a dependency's module is loaded, so it goes with the loader too. */
const Owner = { User: 0, Dependency: 1, Runtime: 2, Module: 3 } as const;

/**
 * The trunks of a tree, by their first node. They hold frames of Node.js and of dependencies alike where
 * code of the user's own is below; elsewhere, as in the profile of a tool, its first frame ends what came
 * before it. O(nodes): one pass from the leaves up, one down.
 */
export function findTrunks(model: FlameModel, isMine: (func: number) => boolean): ReadonlyMap<number, Trunk> {
  const { span, tables } = model;
  const { func, parent, length } = tables.nodes;
  const owners = ownersOf(tables, isMine);
  /** The widest child of each node; 0 for none. */
  const widest = new Int32Array(length);
  /** Whether the user's own code is in a subtree, and how many children of a node have such. */
  const hasOwn = new Uint8Array(length);
  const ownChildren = new Uint32Array(length);
  for (let node = length - 1; node > 0; node--) {
    const size = span[node] as number;
    if (!(size > 0)) continue;
    const up = parent[node] as number;
    const best = widest[up] as number;
    if (best === 0 || size >= (span[best] as number)) widest[up] = node;
    if (owners[func[node] as number] === Owner.User) hasOwn[node] = 1;
    if (hasOwn[node] === 0) continue;
    hasOwn[up] = 1;
    ownChildren[up] = (ownChildren[up] as number) + 1;
  }
  const ownerOf = (node: number): number => owners[func[node] as number] as number;
  const trunks = new Map<number, Trunk>();
  const taken = new Uint8Array(length);
  for (let head = 1; head < length; head++) {
    if (taken[head] || !(span[head] as number) || ownerOf(head) === Owner.User) continue;
    const whole = span[head] as number;
    const most = Math.max(whole * LOST, model.width * LOST_OF_ALL);
    const frames: number[] = [];
    let of = ownerOf(head);
    for (let at = head; ; ) {
      const child = widest[at] as number;
      const rest = child === 0 ? 0 : (span[child] as number);
      if (rest < whole * (1 - MOST_LOST) || rest < (span[at] as number) - most) break;
      frames.push(at);
      // Children of the last frame are all shown, so the trunk ends where any but the widest holds code of the user's own.
      if ((ownChildren[at] as number) > (hasOwn[child] as number)) break;
      const owner = ownerOf(child);
      if (owner === Owner.User) break;
      if (owner !== Owner.Module) {
        if (of !== Owner.Module && owner !== of && hasOwn[child] === 0) break;
        of = owner;
      }
      at = child;
    }
    if (frames.length < SHORTEST) continue;
    for (const node of frames) taken[node] = 1;
    trunks.set(head, { frames });
  }
  return trunks;
}

const isNameless = (name: string): boolean => name === '' || name === '(anonymous)';

function ownersOf({ functions, strings }: ProfileTables, isMine: (func: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: functions.length }, (_, func) => {
    const category = functions.category[func] as number;
    if (category === Category.User) return isMine(func) ? Owner.User : Owner.Dependency;
    if (category !== Category.Dependency) return Owner.Runtime;
    const isModule = functions.line[func] === 0 && functions.column[func] === 0 && isNameless(strings.at(functions.name[func] as number));
    return isModule ? Owner.Module : Owner.Dependency;
  });
}

/** Where the nodes of a tree stand when some of its trunks are one row each. */
export interface Rows {
  /** The row of each node; what is folded stands where its trunk does. */
  readonly of: Uint32Array;
  /** By node that is not drawn: the node that a walk in depth-first order goes on at. 0 for what is drawn. */
  readonly skip: Uint32Array | undefined;
  readonly count: number;
  /** Trunks that are folded, by their first node. */
  readonly folded: ReadonlyMap<number, Trunk>;
  /** The first node of the folded trunk that a node is hidden in; -1 for what is shown. */
  hiddenIn(node: number): number;
  /** The node whose box stands for a node's parent, or -1. */
  parentOf(node: number): number;
  /** The node whose children stand below a node's box. */
  lastOf(node: number): number;
}

/** Every node in the row of its depth. */
export function plainRows({ tables: { nodes }, maxDepth }: FlameModel): Rows {
  return {
    of: nodes.depth,
    skip: undefined,
    count: maxDepth + 1,
    folded: new Map(),
    hiddenIn: () => -1,
    parentOf: (node) => nodes.parent[node] as number,
    lastOf: (node) => node,
  };
}

/** The rows with these trunks folded. O(nodes). */
export function foldedRows(model: FlameModel, trunks: ReadonlyMap<number, Trunk>): Rows {
  if (trunks.size === 0) return plainRows(model);
  const { parent, depth, subtreeEnd, length } = model.tables.nodes;
  const rows = new Uint32Array(length);
  const skip = new Uint32Array(length);
  /** 1 + the first node of the trunk that a node is hidden in. */
  const hidden = new Uint32Array(length);
  /** 1 + the last frame of the trunk that begins here. */
  const lasts = new Uint32Array(length);
  /** How many rows less there are above the children of a node. */
  const fewer = new Uint32Array(length);
  const folded = new Map<number, Trunk>();
  let deepest = 0;
  for (let node = 0; node < length; node++) {
    const up = parent[node] as number;
    if (up >= 0) {
      fewer[node] = fewer[up] as number;
      // A trunk keeps what is beside it; the children of its last frame are shown.
      const head = lasts[up] !== 0 ? up : (hidden[up] as number) - 1;
      if (head >= 0 && hidden[node] === 0 && lasts[head] !== up + 1) {
        hidden[node] = head + 1;
        skip[node] = subtreeEnd[node] as number;
      }
    }
    if (hidden[node] !== 0) {
      rows[node] = rows[up] as number;
      continue;
    }
    rows[node] = (depth[node] as number) - (fewer[node] as number);
    if ((model.span[node] as number) > 0 && (rows[node] as number) > deepest) deepest = rows[node] as number;
    const trunk = trunks.get(node);
    if (!trunk) continue;
    folded.set(node, trunk);
    lasts[node] = (trunk.frames.at(-1) as number) + 1;
    fewer[node] = (fewer[node] as number) + trunk.frames.length - 1;
    for (const frame of trunk.frames.slice(1)) {
      hidden[frame] = node + 1;
      skip[frame] = frame + 1;
    }
  }
  return {
    of: rows,
    skip,
    count: deepest + 1,
    folded,
    hiddenIn: (node) => (hidden[node] as number) - 1,
    parentOf(node) {
      const up = parent[node] as number;
      return up >= 0 && hidden[up] ? (hidden[up] as number) - 1 : up;
    },
    lastOf: (node) => folded.get(node)?.frames.at(-1) ?? node,
  };
}
