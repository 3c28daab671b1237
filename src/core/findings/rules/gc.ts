import { type FunctionIndex, functionIndex } from '../../../shared/brands';
import { formatShare } from '../../../shared/format';
import { Category, isCode } from '../../profile/categories';
import { effectiveSamples } from '../../profile/costs/effective-samples';
import type { ProfileTables } from '../../profile/tables';
import { blameFor, worthBlaming } from '../blame';
import { type Evidence, isSupported, type Rule } from '../evidence';
import { evidenceText, frameLabel } from '../explain';

/** Allocating functions that are named, and the part of the garbage collection that is worth naming one for. */
const NAMED = 3;
const WORTH_NAMING = 0.1;
/** The part that the named ones must have together for work on them to help. */
const STANDS_OUT = 0.25;
/** Microseconds below which it is not worth a word: starting up has some of it. */
const LEAST = 50_000;

/** Garbage collection takes a visible part: too much is allocated. Names who ran just before it. */
export const gc: Rule = (evidence) => {
  const { tables, costs, totals, thresholds, own } = evidence;
  const { nodes, functions } = tables;
  if (tables.unit !== 'microseconds' || totals.gc < LEAST) return [];
  let samples = 0;
  let squares = 0;
  for (let func = 0; func < functions.length; func++) {
    if (functions.category[func] !== Category.Gc) continue;
    samples += costs.hits[func] as number;
    squares += costs.squares[func] as number;
  }
  const share = totals.gc / totals.active;
  if (!isSupported(evidence, share, samples, thresholds.gc)) return [];
  const after = gcByNode(tables);
  const byFunction = new Float64Array(functions.length);
  for (let node = 0; node < nodes.length; node++) {
    const func = nodes.func[node] as number;
    if (isCode(functions.category[func] as number)) byFunction[func] = (byFunction[func] as number) + (after[node] as number);
  }
  const callers: FunctionIndex[] = [];
  for (let func = 0; func < byFunction.length; func++) if ((byFunction[func] as number) >= totals.gc * WORTH_NAMING) callers.push(functionIndex(func));
  callers.sort((a, b) => (byFunction[b] as number) - (byFunction[a] as number));
  const most = callers.slice(0, NAMED);
  const together = most.reduce((sum, func) => sum + (byFunction[func] as number), 0);
  const named = together >= STANDS_OUT * totals.gc ? most : [];
  const blame = worthBlaming(
    blameFor(tables, own, (node) => after[node] as number),
    totals.gc,
  );
  const list = named.map((func) => `${frameLabel(tables, func)} (${formatShare((byFunction[func] as number) / totals.gc)} of it)`).join(', ');
  const isNamed = blame === undefined || named.includes(blame.func);
  return [
    {
      rule: 'gc',
      // From twice the threshold on it is more than the price of most programs. One that waited for most of its time is hardly held up by it.
      level: isSupported(evidence, share, samples, 2 * thresholds.gc) && totals.gc >= thresholds.gc * (totals.active + totals.idle) ? 'warning' : 'info',
      share,
      cost: totals.gc,
      samples,
      effective: effectiveSamples(totals.gc, squares),
      functions: isNamed ? named : [...named, blame.func],
      blame,
      title: 'Memory pressure',
      summary: `Garbage collection takes ${evidenceText(evidence, totals.gc, samples)}.${list === '' ? '' : ` It follows ${list}.`}${
        isNamed ? '' : ` ${formatShare(blame.cost / totals.gc)} of it is reached from your ${frameLabel(tables, blame.func)}.`
      }`,
      advice: adviceFor(evidence, named),
    },
  ];
};

/** Said where own code makes most of it. */
export const OWN_GARBAGE = 'Allocate less there: reuse objects and buffers, avoid copies in loops, stream instead of collecting.';

function adviceFor({ tables }: Evidence, named: readonly FunctionIndex[]): string {
  if (named.length === 0) return 'No function dominates: many allocate a little each. Look at how often they are called, and at what is copied on the way.';
  const isOwn = named.some((func) => tables.functions.category[func] === Category.User);
  return isOwn ? OWN_GARBAGE : 'It is not your own code that allocates: call it less often or with less at once, and reuse what it gives.';
}

/**
 * GC time by the call node that ran just before. V8 puts garbage collection under the
 * root, so the time order tells; in profiles without one, the frame that it stands under.
 */
function gcByNode({ nodes, functions, samples, endTime }: ProfileTables): Float64Array {
  const gc = new Float64Array(nodes.length);
  const isGc = (node: number): boolean => functions.category[nodes.func[node] as number] === Category.Gc;
  if (samples.length === 0) {
    for (let node = 1; node < nodes.length; node++) {
      const parent = nodes.parent[node] as number;
      if (isGc(node)) gc[parent] = (gc[parent] as number) + (nodes.self[node] as number);
    }
    return gc;
  }
  let running = -1;
  for (let i = 0; i < samples.length; i++) {
    const node = samples.node[i] as number;
    if (!isGc(node)) running = node;
    else if (running >= 0) {
      const next = i + 1 < samples.length ? (samples.start[i + 1] as number) : endTime;
      gc[running] = (gc[running] as number) + next - (samples.start[i] as number);
    }
  }
  return gc;
}
