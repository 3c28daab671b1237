import { type FunctionIndex, functionIndex } from '../../../shared/brands';
import { formatCount, formatShare } from '../../../shared/format';
import { Category } from '../../profile/categories';
import { effectiveSamples } from '../../profile/costs/effective-samples';
import type { ProfileTables } from '../../profile/tables';
import { reaches } from '../../statistics/share-interval';
import { blameFor } from '../blame';
import type { Evidence, Rule } from '../evidence';
import { evidenceText, frameLabel, reachedText } from '../explain';
import { marked } from '../finding';

/** V8 records the innermost 255 frames of a stack. A few may be folded into one. */
const CUT_DEPTH = 250;
/** Samples that must have seen a function as deep as this; one may be a stack that was read while it changed. */
const MIN_SAMPLES = 5;
/** Frames of one function on one stack below which it is a wrapper that is entered again, and no recursion to speak of. */
const MIN_FRAMES = 5;

/** The same function twice or more on most stacks, and five times on one: the work of the user's own recursive function. */
export const reentered: Rule = (evidence) => {
  const { tables, totals, thresholds, recursion } = evidence;
  const { functions } = tables;
  let best = -1;
  for (let func = 0; func < functions.length; func++) {
    if (functions.category[func] !== Category.User) continue;
    const cost = recursion.cost[func] as number;
    if ((recursion.frames[func] as number) < MIN_FRAMES) continue;
    if (!reaches(cost / totals.active, thresholds.recursion, totals.effectiveSamples) || cost <= (best < 0 ? 0 : (recursion.cost[best] as number))) continue;
    if (!isThroughOthers(evidence, func)) best = func;
  }
  if (best < 0) return [];
  const func = functionIndex(best);
  const cost = recursion.cost[best] as number;
  const samples = recursion.samples[best] as number;
  return [
    {
      rule: 'recursion',
      level: 'info',
      share: cost / totals.active,
      cost,
      samples,
      effective: effectiveSamples(cost, recursion.squares[best] as number),
      functions: [func],
      blame: { func, cost, callee: undefined },
      title: `${frameLabel(tables, func)} calls itself`,
      summary: `It is on the stack more than once for ${evidenceText(evidence, cost, samples)}, up to ${recursion.frames[best]} times. In the flame graph its cost is in many boxes.`,
      advice: 'Look at its total instead of single boxes, and whether it works out the same again: keep what it found, or cut branches early.',
    },
  ];
};

/**
 * Whether a package or the runtime mostly stands between two frames of a function: middleware that calls `next`, a
 * handler that is called while another one runs. That chain is none of the function's, and works out nothing twice.
 */
function isThroughOthers({ tables: { nodes, functions } }: Evidence, func: number): boolean {
  let own = 0;
  let others = 0;
  for (let node = 0; node < nodes.length; node++) {
    if (nodes.func[node] !== func) continue;
    let isForeign = false;
    let up = nodes.parent[node] as number;
    for (; up >= 0 && nodes.func[up] !== func; up = nodes.parent[up] as number) {
      const category = functions.category[nodes.func[up] as number];
      isForeign ||= category === Category.Dependency || category === Category.Node;
    }
    if (up < 0) continue;
    if (isForeign) others += nodes.total[node] as number;
    else own += nodes.total[node] as number;
  }
  return others > own;
}

/**
 * Recursion deep enough to threaten the stack: one function has as many frames on one
 * stack as the threshold says, or half of a stack that V8 has cut, whose real depth
 * nobody knows.
 */
export const deepRecursion: Rule = (evidence) => {
  const { tables, costs, totals, thresholds, recursion, own } = evidence;
  const { nodes } = tables;
  let best: FunctionIndex | undefined;
  for (let func = 0; func < recursion.frames.length; func++) {
    const frames = recursion.frames[func] as number;
    if (frames < 2 || frames <= (best === undefined ? 0 : (recursion.frames[best] as number))) continue;
    if ((recursion.samples[func] as number) < MIN_SAMPLES || !isDeep(evidence, frames, nodes.depth[recursion.deepest[func] as number] as number)) continue;
    best = functionIndex(func);
  }
  if (best === undefined) return [];
  const frames = recursion.frames[best] as number;
  const isCut = frames < thresholds.recursionDepth;
  const cost = costs.total[best] as number;
  const ownCost = Math.min(cost, recursingCost(evidence));
  // How deep it really goes nobody knows, and the time is not its own: no more than worth a look.
  const isNote = isCut && ownCost * 2 < cost;
  const itself = isNote ? ` Itself it takes ${formatShare(cost > 0 ? ownCost / cost : 0)} of that.` : '';
  const samples = recursion.samples[best] as number;
  const func = best;
  const blame = blameFor(tables, own, (node) => (nodes.func[node] === func ? (nodes.self[node] as number) : 0));
  return [
    {
      rule: 'deep-recursion',
      level: isNote ? 'info' : 'warning',
      share: cost / totals.active,
      cost,
      samples,
      effective: effectiveSamples(recursion.cost[best] as number, recursion.squares[best] as number),
      functions: marked(func, blame),
      blame,
      title: `${frameLabel(tables, func)} recurses deeply`,
      summary: `It fills ${formatCount(frames)} frames of one stack${isCut ? ', all that V8 has recorded of it, so it goes deeper than the profile shows' : ''}, while it holds ${evidenceText(evidence, cost, samples)}.${itself}${reachedText(evidence, blame, cost)}`,
      advice:
        "Use a loop with a stack of its own: input that nests deeper ends in a RangeError, on Node.js' default stack after about ten thousand small frames.",
    },
  ];
};

/** Own cost of all functions that recurse: two may take turns. */
function recursingCost({ costs, recursion }: Evidence): number {
  let cost = 0;
  for (let func = 0; func < recursion.frames.length; func++) if ((recursion.frames[func] as number) >= MIN_FRAMES) cost += costs.self[func] as number;
  return cost;
}

function isDeep({ thresholds, tables }: Evidence, frames: number, depth: number): boolean {
  if (frames >= thresholds.recursionDepth) return true;
  const wasCut = depth >= CUT_DEPTH && depth <= CUT_DEPTH + 8 && (tables.samples.length > 0 || isOfV8(tables));
  return wasCut && frames * 2 >= depth;
}

/** Whether merged stacks are V8's: it has frames of its own, and Node.js' functions have urls of their own. */
function isOfV8({ functions, unit }: ProfileTables): boolean {
  if (unit === 'bytes') return false; // V8 cuts those elsewhere
  return functions.category.some((category) => category === Category.Node || category === Category.Gc || category === Category.Program);
}
