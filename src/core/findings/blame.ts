import { functionIndex } from '../../shared/brands';
import { Category } from '../profile/categories';
import type { ProfileTables } from '../profile/tables';
import type { Blame } from './finding';

/** For each call node, the user's own code nearest to it on the way from the root. Columns by node. */
export interface OwnCode {
  /** The nearest call node of own code, the node itself included; -1 for none. */
  readonly node: Int32Array;
  /** The child of that node on the way, as a function; -1 where the node is own code itself. */
  readonly callee: Int32Array;
}

/** O(nodes), parents first. */
export function ownCode({ nodes, functions }: ProfileTables): OwnCode {
  const node = new Int32Array(nodes.length).fill(-1);
  const callee = new Int32Array(nodes.length).fill(-1);
  for (let at = 0; at < nodes.length; at++) {
    const func = nodes.func[at] as number;
    const parent = nodes.parent[at] as number;
    if (functions.category[func] === Category.User) node[at] = at;
    else if (parent >= 0) {
      node[at] = node[parent] as number;
      callee[at] = node[parent] === parent ? func : (callee[parent] as number);
    }
  }
  return { node, callee };
}

/**
 * The function of the user's own code that most of a cost passes through last.
 * `cost` gives each call node's part of it, 0 for none. O(nodes).
 */
export function blameFor({ nodes, functions }: ProfileTables, own: OwnCode, cost: (node: number) => number): Blame | undefined {
  const sums = new Float64Array(functions.length);
  let best = -1;
  for (let node = 0; node < nodes.length; node++) {
    const part = cost(node);
    const at = own.node[node] as number;
    if (part === 0 || at < 0) continue;
    const func = nodes.func[at] as number;
    sums[func] = (sums[func] as number) + part;
  }
  for (let func = 0; func < sums.length; func++) if ((sums[func] as number) > (best < 0 ? 0 : (sums[best] as number))) best = func;
  if (best < 0) return undefined;
  const callees = new Map<number, number>();
  for (let node = 0; node < nodes.length; node++) {
    const at = own.node[node] as number;
    if (at < 0 || nodes.func[at] !== best) continue;
    const part = cost(node);
    const callee = own.callee[node] as number;
    if (part !== 0) callees.set(callee, (callees.get(callee) ?? 0) + part);
  }
  const [callee] = [...callees].reduce((most, one) => (one[1] > most[1] ? one : most), [-1, 0]);
  return { func: functionIndex(best), cost: sums[best] as number, callee: callee < 0 ? undefined : functionIndex(callee) };
}

/** The part of a cost that must pass through one place for that place to be blamed for it. */
const WORTH_BLAMING = 0.25;

/** A blame that is worth a line: where many places share a cost, none of them is to blame. */
export const worthBlaming = (blame: Blame | undefined, cost: number): Blame | undefined =>
  blame !== undefined && blame.cost >= WORTH_BLAMING * cost ? blame : undefined;
