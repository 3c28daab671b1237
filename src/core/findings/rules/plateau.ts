import { type FunctionIndex, functionIndex } from '../../../shared/brands';
import { formatShare, printable, shorten } from '../../../shared/format';
import { Category } from '../../profile/categories';
import { effectiveSamples } from '../../profile/costs/effective-samples';
import { functionAt } from '../../profile/tables';
import { interval, reaches } from '../../statistics/share-interval';
import { blameFor } from '../blame';
import { type Evidence, levelOf, type Rule } from '../evidence';
import { evidenceText, frameLabel, inlinedText, pathText, reachedText, wholeOf } from '../explain';
import { type Finding, marked } from '../finding';

/** Callers from which a function is called "from many", so that one call path is news. */
const MANY_CALLERS = 3;
/** Microseconds below which Node.js' and native frames are what starting a short program takes. */
const START_UP = 50_000;
/** A path that has nearly all of a function's cost says the same as the function. */
const NEARLY_ALL = 0.95;
/** A path dominates a function that has this much of its cost, and surely half; or twice the cost of the next path, and surely more than that. */
const DOMINANT = 0.6;
const SURELY = 0.5;
const TIMES_NEXT = 2;

/**
 * One function whose own code takes much of the time: a plateau in the flame graph.
 * Where it has several callers and one call path reaches the threshold alone and has far more
 * than the others, the finding is about that path (`stack-plateau`) and tells the function's share besides.
 */
export const plateau: Rule = (evidence) => {
  const { tables, costs, totals, thresholds, bySelf } = evidence;
  const isStartUp = (func: FunctionIndex): boolean => {
    const category = tables.functions.category[func];
    return tables.unit === 'microseconds' && (category === Category.Node || category === Category.Native) && (costs.self[func] as number) < START_UP;
  };
  const wide = bySelf.filter((func) => reaches((costs.self[func] as number) / totals.active, thresholds.plateau, totals.effectiveSamples) && !isStartUp(func));
  const paths = widestPaths(evidence, new Set(wide));
  return wide.map((func) => {
    const path = paths.get(func);
    return path === undefined ? ofFunction(evidence, func) : ofPath(evidence, func, path);
  });
};

function ofFunction(evidence: Evidence, func: FunctionIndex): Finding {
  const { tables, costs, totals, own } = evidence;
  const { nodes } = tables;
  const cost = costs.self[func] as number;
  const samples = costs.hits[func] as number;
  const share = cost / totals.active;
  const level = levelOf(evidence, share);
  const blame = blameFor(tables, own, (node) => (nodes.func[node] === func ? (nodes.self[node] as number) : 0));
  return {
    rule: 'plateau',
    level,
    share,
    cost,
    samples,
    effective: effectiveSamples(cost, costs.squares[func] as number),
    functions: marked(func, blame),
    blame,
    title: frameLabel(tables, func),
    summary: `${verdict(evidence, level)}: its own code ${tables.unit === 'bytes' ? 'allocates' : 'takes'} ${evidenceText(evidence, cost, samples)}.${inlinedText(tables, func)}${reachedText(evidence, blame, cost)}${recursionText(evidence, func)}`,
    advice: adviceFor(evidence, func),
  };
}

function ofPath(evidence: Evidence, func: FunctionIndex, path: number): Finding {
  const { tables, costs, totals, own } = evidence;
  const cost = tables.nodes.self[path] as number;
  const samples = tables.nodes.hits[path] as number;
  const whole = (costs.self[func] as number) / totals.active;
  const level = levelOf(evidence, whole);
  const blame = blameFor(tables, own, (node) => (node === path ? cost : 0));
  return {
    rule: 'stack-plateau',
    level,
    share: cost / totals.active,
    cost,
    samples,
    effective: effectiveSamples(cost, evidence.squares[path] as number),
    functions: marked(func, blame),
    blame,
    title: `${frameLabel(tables, func)} on one path`,
    summary: `${verdict(evidence, level)}: one of its call paths takes ${evidenceText(evidence, cost, samples)}, of ${formatShare(whole)} of ${wholeOf(tables)} that its own code takes on all of them. The path: ${pathText(tables, path)}.`,
    advice: `Work on this path first: call ${frameLabel(tables, func)} there less often or with less. Its other callers matter less.`,
  };
}

/** By function, the call path that reaches the threshold alone and dominates the function's cost while it has several callers. One pass. */
function widestPaths({ tables, costs, totals, thresholds }: Evidence, wide: ReadonlySet<number>): Map<number, number> {
  const { nodes, samples } = tables;
  const callers = new Map<number, Set<number>>();
  const paths = new Map<number, number>();
  const second = new Map<number, number>();
  for (let node = 1; node < nodes.length; node++) {
    const func = nodes.func[node] as number;
    if (!wide.has(func)) continue;
    const self = nodes.self[node] as number;
    if (self <= 0) continue;
    const known = callers.get(func) ?? new Set();
    callers.set(func, known.add(nodes.func[nodes.parent[node] as number] as number));
    const best = paths.get(func);
    if (best === undefined || self > (nodes.self[best] as number)) {
      if (best !== undefined) second.set(func, best);
      paths.set(func, node);
    } else if (self > (nodes.self[second.get(func) ?? 0] as number)) second.set(func, node);
  }
  for (const [func, node] of paths) {
    const self = nodes.self[node] as number;
    const isNews =
      (callers.get(func)?.size ?? 0) >= MANY_CALLERS &&
      self < (costs.self[func] as number) * NEARLY_ALL &&
      dominates(self, nodes.self[second.get(func) ?? 0] as number, costs.self[func] as number, costs.hits[func] as number) &&
      (samples.length === 0 ||
        dominates(nodes.hits[node] as number, nodes.hits[second.get(func) ?? 0] as number, costs.hits[func] as number, costs.hits[func] as number)) &&
      reaches(self / totals.active, thresholds.plateau, totals.effectiveSamples);
    if (!isNews) paths.delete(func);
  }
  return paths;
}

/** A few late samples may carry much time on a busy machine, so costs and numbers of samples must both say it. Whether a path's cost is most of its function's, or at least twice the next path's, and the function's samples leave little doubt of it. */
function dominates(cost: number, next: number, whole: number, samples: number): boolean {
  const own = interval(cost / whole, samples);
  if (cost >= DOMINANT * whole && own.low >= SURELY) return true;
  return cost >= TIMES_NEXT * next && own.low > interval(next / whole, samples).high;
}

function verdict({ tables }: Evidence, level: Finding['level']): string {
  if (level !== 'error') return 'A plateau to investigate';
  return tables.unit === 'bytes' ? 'Almost certainly what allocates too much' : 'Almost certainly the bottleneck';
}

function recursionText({ recursion, costs }: Evidence, func: FunctionIndex): string {
  return isRecursive(recursion.cost, costs.total, func) ? ` It calls itself, up to ${recursion.frames[func]} deep.` : '';
}

/** Whether most of a function's time is spent in calls of itself. */
const isRecursive = (reentered: Float64Array, total: Float64Array, func: number): boolean =>
  (reentered[func] as number) > 0.5 * (total[func] as number) && (total[func] as number) > 0;

function adviceFor({ tables, recursion, costs }: Evidence, func: FunctionIndex): string {
  if (tables.unit === 'bytes' && tables.functions.category[func] === Category.User)
    return 'Look at what its lines make: reuse objects and buffers, copy less, and keep only what is needed.';
  const { category, package: pkg, url, line } = functionAt(tables, functionIndex(func));
  // V8 gives code from `new Function` and `eval` a place, but no file; what is built in has neither.
  if (category === Category.Native && url === '' && line >= 0)
    return 'It was made from text while the program ran (new Function, eval), or is in a page itself: look at that text, a template or a schema, or call it less often.';
  switch (category) {
    case Category.Dependency:
      return `Call ${shorten(printable(pkg), 60)} less often or with less input; its own code is not yours to change.`;
    case Category.Native:
    case Category.Node:
      return 'Call it less often: batch, cache, or use the asynchronous form.';
    default:
      return isRecursive(recursion.cost, costs.total, func)
        ? 'Look whether it works out the same again and again, and keep what it found; else look at its hottest lines.'
        : 'Look at its hottest lines first: do less work there, or call it less often.';
  }
}
