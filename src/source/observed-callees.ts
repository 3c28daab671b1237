import type { ProfileTables } from '../core/profile/tables';

/** What a profile has seen below a function, at whatever depth. */
export interface Observed {
  /** Rows of the function table, without the function itself. */
  readonly functions: readonly number[];
  has(func: number | undefined): boolean;
  /** The functions from below it to one of these: as they nearly always stood, else that one alone. */
  pathTo(func: number): readonly number[];
}

/** More nodes are not looked at. */
const MOST_NODES = 300_000;
/** Inlining goes only so deep. */
const DEEPEST = 12;
/** The part of its samples that must have come by one way for that to be the way. */
const USUAL = 0.9;

export function observedCallees({ nodes, functions }: ProfileTables, func: number): Observed {
  /** By function, its ways and how much each had. */
  const ways = new Map<number, Map<string, number>>();
  let left = MOST_NODES;
  for (let node = 0; node < nodes.length && left > 0; ) {
    if (nodes.func[node] !== func) {
      node++;
      continue;
    }
    const end = nodes.subtreeEnd[node] as number;
    const depth = nodes.depth[node] as number;
    const path: number[] = [];
    let at = node + 1;
    while (at < end && left-- > 0) {
      const below = (nodes.depth[at] as number) - depth;
      path.length = below - 1;
      const own = nodes.func[at] as number;
      path.push(own);
      if (own !== func) {
        const known = ways.get(own) ?? new Map<string, number>();
        const key = path.join();
        known.set(key, (known.get(key) ?? 0) + (nodes.total[at] as number));
        ways.set(own, known);
      }
      // What a recursive call leads to is looked at where that begins.
      at = own === func || below >= DEEPEST ? (nodes.subtreeEnd[at] as number) : at + 1;
    }
    node++;
  }
  return {
    functions: [...ways.keys()],
    has: (one) => one !== undefined && ways.has(one),
    pathTo(one) {
      const known = ways.get(one);
      if (!known) return [one];
      const all = [...known.values()].reduce((sum, cost) => sum + cost, 0);
      const [way, cost] = [...known].reduce((most, next) => (next[1] > most[1] ? next : most));
      const path = way.split(',').map(Number);
      // What is native calls on; nothing is inlined through it.
      return all > 0 && cost >= USUAL * all && path.every((row) => functions.url[row] !== 0) ? path : [one];
    },
  };
}
