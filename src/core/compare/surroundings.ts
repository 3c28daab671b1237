import { isCode } from '../profile/categories';
import { type ComparedSide, type FunctionIdentity, isNameless } from './compared-side';

/** What a function of the side calls and is called by, in words that mean the same on both sides. */
export interface Surroundings {
  readonly callers: ReadonlySet<string>;
  readonly callees: ReadonlySet<string>;
}

/** The surroundings of the functions that are asked for. O(nodes of all runs). */
export function surroundings(side: ComparedSide, wanted: Iterable<number>): ReadonlyMap<number, Surroundings> {
  const found = new Map<number, { callers: Set<string>; callees: Set<string> }>();
  for (const row of wanted) found.set(row, { callers: new Set(), callees: new Set() });
  if (found.size === 0) return found;
  const isWanted = new Uint8Array(side.functions.length);
  for (const row of found.keys()) isWanted[row] = 1;
  for (const [at, { tables }] of side.runs.entries()) {
    const rowOf = side.rows[at] as Uint32Array;
    const { parent, func, length } = tables.nodes;
    for (let node = 1; node < length; node++) {
      const own = rowOf[func[node] as number] as number;
      const up = rowOf[func[parent[node] as number] as number] as number;
      if (isWanted[own] === 0 && isWanted[up] === 0) continue;
      // V8's own entries stand below whatever ran.
      if (isWanted[own] !== 0) found.get(own)?.callers.add(word(side, up));
      if (isWanted[up] !== 0 && isCode((side.functions[own] as FunctionIdentity).category)) found.get(up)?.callees.add(word(side, own));
    }
  }
  return found;
}

/** Names outlast a move to another file; what has none is known by where it stands. */
function word({ functions }: ComparedSide, row: number): string {
  const { name, file } = functions[row] as FunctionIdentity;
  return isNameless(name) ? `\0${file}` : name;
}

/** What two sets share, 0 to 1; undefined where neither has anything. */
export function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number | undefined {
  if (a.size === 0 && b.size === 0) return undefined;
  let both = 0;
  for (const one of a) if (b.has(one)) both++;
  return both / (a.size + b.size - both);
}
