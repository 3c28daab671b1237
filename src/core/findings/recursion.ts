import type { ProfileTables } from '../profile/tables';

/** How functions meet themselves on the stack. Columns by function. */
export interface Recursion {
  /** In the profile's unit: time in which the function is on the stack more than once. */
  readonly cost: Float64Array;
  /** Samples of that. */
  readonly samples: Float64Array;
  /** Their squared costs. */
  readonly squares: Float64Array;
  /** Most frames of it on one stack, of the stacks that were sampled. */
  readonly frames: Uint32Array;
  /** A call node with that many; 0 for none. */
  readonly deepest: Uint32Array;
}

/**
 * One pass over the call nodes, which stand depth first: `counts` holds how often each
 * function is on the way to the node at hand. O(nodes), no recursion of its own.
 */
export function recursionOf({ nodes, functions }: ProfileTables, squaresOf: Float64Array): Recursion {
  const cost = new Float64Array(functions.length);
  const samples = new Float64Array(functions.length);
  const squares = new Float64Array(functions.length);
  const frames = new Uint32Array(functions.length);
  const deepest = new Uint32Array(functions.length);
  const counts = new Uint32Array(functions.length);
  const hitsBelow = totalHits(nodes);
  const squaresBelow = sumsBelow(nodes, squaresOf);
  /** Functions from the root to the node at hand, by depth. */
  const path: number[] = [];
  for (let node = 0; node < nodes.length; node++) {
    const depth = nodes.depth[node] as number;
    while (path.length > depth) {
      const left = path.pop() as number;
      counts[left] = (counts[left] as number) - 1;
    }
    const func = nodes.func[node] as number;
    path.push(func);
    const count = (counts[func] as number) + 1;
    counts[func] = count;
    // What lies under the second frame lies under every further one.
    if (count === 2) {
      cost[func] = (cost[func] as number) + (nodes.total[node] as number);
      samples[func] = (samples[func] as number) + (hitsBelow[node] as number);
      squares[func] = (squares[func] as number) + (squaresBelow[node] as number);
    }
    if (count > (frames[func] as number)) {
      frames[func] = count;
      deepest[func] = node;
    }
  }
  return { cost, samples, squares, frames, deepest };
}

/** Samples at or under each call node. */
export const totalHits = (nodes: ProfileTables['nodes']): Float64Array => sumsBelow(nodes, nodes.hits);

/** A column's sums at or under each call node. One reverse pass. */
export function sumsBelow(nodes: ProfileTables['nodes'], own: ArrayLike<number>): Float64Array {
  const sums = Float64Array.from(own);
  for (let node = nodes.length - 1; node > 0; node--) {
    const parent = nodes.parent[node] as number;
    sums[parent] = (sums[parent] as number) + (sums[node] as number);
  }
  return sums;
}
