import type { FunctionIndex } from '../../shared/brands';
import { functionIndex } from '../../shared/brands';
import { Category, isCode } from '../profile/categories';
import type { ProfileTotals } from '../profile/costs/function-costs';
import type { ProfileTables } from '../profile/tables';
import { interval, reaches } from '../statistics/share-interval';

/** What of a profile is compared with a later one: self cost and samples by function, in the profile's unit. */
export interface SelfShares {
  readonly byFunction: ReadonlyMap<string, { readonly cost: number; readonly func: FunctionIndex }>;
  readonly active: number;
  /** The effective number, of active ones. */
  readonly samples: number;
}

/** A function that has a larger share of active time than in the recording before. */
export interface Wider {
  readonly func: FunctionIndex;
  /** Self cost now and then, in the profiles' unit. */
  readonly cost: number;
  readonly costBefore: number;
  /** Shares of active time, 0 to 1. */
  readonly share: number;
  readonly shareBefore: number;
}

/**
 * Self costs by name and file, whatever line a function stands on: edits move lines.
 * Functions of one name in one file are one; those without a name have no identity
 * that would outlast an edit, and are left out. So is what the runtime does for itself: see `causedByCode`.
 */
export function selfShares(tables: ProfileTables, totals: ProfileTotals): SelfShares {
  const { functions, strings } = tables;
  const caused = causedByCode(tables);
  const byFunction = new Map<string, { cost: number; func: FunctionIndex }>();
  for (let func = 0; func < functions.length; func++) {
    const cost = caused[func] as number;
    const name = strings.at(functions.name[func] as number);
    if (!(cost > 0) || name === '' || !isCode(functions.category[func] as number)) continue;
    const key = `${name}\0${strings.at(functions.url[func] as number)}`;
    const known = byFunction.get(key);
    if (!known) byFunction.set(key, { cost, func: functionIndex(func) });
    else {
      if (cost > (caused[known.func] as number)) known.func = functionIndex(func);
      known.cost += cost;
    }
  }
  return { byFunction, active: totals.active, samples: totals.effectiveSamples };
}

const isWritten = (category: number): boolean => category === Category.User || category === Category.Dependency;

/** Files of Node.js that find, read and compile modules, and start the program. */
const loads = /^node:internal\/(?:modules\/|bootstrap\/|main\/|process\/|vm|deps\/(?:cjs-module-lexer|amaro))|^node:plateau$/;

/**
 * Self cost by function of what code that somebody wrote does: its own, and what it has the runtime do. How long
 * the runtime takes to start, to load modules, or for itself between two tasks differs from run to run by
 * the file system's cache and the machine, and nobody's edit of a function changes it. O(nodes).
 */
function causedByCode({ nodes, functions, strings }: ProfileTables): Float64Array {
  const cost = new Float64Array(functions.length);
  const isLoader = Uint8Array.from({ length: functions.length }, (_, func) =>
    functions.category[func] === Category.Node && loads.test(strings.at(functions.url[func] as number)) ? 1 : 0,
  );
  const isCaused = new Uint8Array(nodes.length);
  for (let node = 0; node < nodes.length; node++) {
    const func = nodes.func[node] as number;
    const parent = nodes.parent[node] as number;
    if (isWritten(functions.category[func] as number)) isCaused[node] = 1;
    else if (isLoader[func] === 0 && parent >= 0) isCaused[node] = isCaused[parent] as number;
    if (isCaused[node] === 1) cost[func] = (cost[func] as number) + (nodes.self[node] as number);
  }
  return cost;
}

/** A cost that has not grown by this much is the same: then only the rest has become smaller. */
const GROWN = 1.1;

/**
 * How sure it has to be that both shares differ, in standard deviations. Every function of a program is compared, and
 * two runs of one program differ by more than its samples do: optimised sooner or later, on a machine that does more or less besides.
 */
const SURE = 3;
/** Samples of the function itself, without which a share is chance. */
const LEAST_SAMPLES = 20;

/**
 * Functions whose self share has grown by `threshold` or more, whose intervals
 * then and now do not overlap, and which cost more than before also absolutely. By
 * falling growth.
 */
export function widerFunctions(now: SelfShares, before: SelfShares, threshold: number): Wider[] {
  if (!(now.active > 0) || !(before.active > 0)) return [];
  const found: Wider[] = [];
  for (const [key, { cost, func }] of now.byFunction) {
    const share = cost / now.active;
    const costBefore = before.byFunction.get(key)?.cost ?? 0;
    const shareBefore = costBefore / before.active;
    if (share - shareBefore < threshold || !reaches(share, threshold, now.samples) || cost < costBefore * GROWN) continue;
    if (share * now.samples < LEAST_SAMPLES || interval(share, now.samples, SURE).low <= interval(shareBefore, before.samples, SURE).high) continue;
    found.push({ func, cost, costBefore, share, shareBefore });
  }
  return found.sort((a, b) => b.share - b.shareBefore - (a.share - a.shareBefore));
}
