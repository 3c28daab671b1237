import { type FunctionIndex, functionIndex } from '../../shared/brands';
import { formatCost, formatShare, plural, printable, shorten } from '../../shared/format';
import type { ProfileTotals } from '../profile/costs/function-costs';
import { functionAt, type ProfileTables } from '../profile/tables';
import { interval } from '../statistics/share-interval';
import type { Evidence } from './evidence';
import type { Blame } from './finding';

/** `20.0 % of active time (17.6–22.6 % with 95 % confidence), 200 ms in 197 samples`. */
export function evidenceText({ tables, totals }: Evidence, cost: number, samples: number): string {
  const share = totals.active > 0 ? cost / totals.active : 0;
  if (isMerged(tables, totals)) return `${formatShare(share)} of ${wholeOf(tables)}, ${formatCost(cost, tables.unit)}`;
  const { low, high } = interval(share, totals.effectiveSamples);
  return `${formatShare(share)} of ${wholeOf(tables)} (${(low * 100).toFixed(1)}–${formatShare(high)} with 95 % confidence), ${formatCost(cost, tables.unit)} in ${plural(samples, 'sample')}`;
}

/** Whether stacks were merged into counts, so that their number is no number of samples and gives no interval. */
export const isMerged = ({ unit, samples }: ProfileTables, totals: Pick<ProfileTotals, 'active' | 'samples'>): boolean =>
  unit === 'count' && samples.length === 0 && totals.samples < totals.active;

/** What shares are shares of. */
export const wholeOf = ({ unit }: ProfileTables): string => (unit === 'microseconds' ? 'active time' : unit === 'bytes' ? 'all bytes' : 'all that is counted');

/** ` Reached from your route (83.3 % of it).`, where own code is blamed for what it calls. */
export function reachedText({ tables }: Evidence, blame: Blame | undefined, cost: number): string {
  if (blame?.callee === undefined) return '';
  return ` Reached from your ${frameLabel(tables, blame.func)} (${formatShare(cost > 0 ? Math.min(1, blame.cost / cost) : 0)} of it).`;
}

/** Frames that a path names; the ones in the middle are counted. */
const PATH_ENDS = 3;

/** `main > route > … 5 frames … > parse > next`, from the outermost frame of code to the node. */
export function pathText(tables: ProfileTables, node: number): string {
  const path: number[] = [];
  for (let at = node; at > 0; at = tables.nodes.parent[at] as number) path.push(tables.nodes.func[at] as number);
  const names = (funcs: readonly number[]): string[] => funcs.map((func) => frameLabel(tables, functionIndex(func)));
  path.reverse();
  if (path.length <= PATH_ENDS * 2 + 1) return names(path).join(' > ');
  const between = plural(path.length - PATH_ENDS * 2, 'frame');
  return [...names(path.slice(0, PATH_ENDS)), `… ${between} …`, ...names(path.slice(-PATH_ENDS))].join(' > ');
}

/** The part of a function's samples that must have been inlined for that to be told. */
const MOSTLY = 0.5;
/** Callers that are named. */
const NAMED = 2;

/** The functions that V8 had inlined a function into for most of its samples, by falling number: `main.mjs`, or `join and render`. Empty for others. */
export function inlinedInto({ nodes, functions }: ProfileTables, func: FunctionIndex): FunctionIndex[] {
  const into = new Map<number, number>();
  let hits = 0;
  let inlined = 0;
  for (let node = 1; node < nodes.length; node++) {
    if (nodes.func[node] !== func) continue;
    hits += nodes.hits[node] as number;
    const own = nodes.inlined[node] as number;
    if (own === 0) continue;
    inlined += own;
    // What stands between without samples of its own was inlined as well.
    let up = nodes.parent[node] as number;
    while (up > 0 && nodes.hits[up] === 0 && functions.url[nodes.func[nodes.parent[up] as number] as number] !== 0) up = nodes.parent[up] as number;
    into.set(nodes.func[up] as number, (into.get(nodes.func[up] as number) ?? 0) + own);
  }
  if (inlined < MOSTLY * hits || inlined === 0) return [];
  return [...into].sort((a, b) => b[1] - a[1]).map(([caller]) => functionIndex(caller));
}

/** ` V8 had inlined it into main.mjs: its lines tell that it ran.`, where that holds for most of its samples. */
export function inlinedText(tables: ProfileTables, func: FunctionIndex): string {
  const into = inlinedInto(tables, func);
  if (into.length === 0) return '';
  const names = into.slice(0, NAMED).map((caller) => frameLabel(tables, caller));
  return ` V8 had inlined it into ${names.join(' and ')}${into.length > NAMED ? ' and others' : ''}: its lines tell that it ran.`;
}

/** A function's name; where it has none of its own, what its source says (`rows.map() callback`), else its place: `(anonymous) ast.js:178`; of a module's own code, the module's: `main.mjs`. */
export function frameLabel(tables: ProfileTables, func: FunctionIndex): string {
  const view = functionAt(tables, func);
  const name = shorten(printable(view.name), 60);
  const label = tables.functions.label?.[func] ?? 0;
  if (label !== 0) return shorten(printable(tables.strings.at(label)), 60);
  if (name !== '' && name !== '(anonymous)') return name;
  if (view.url === '') return '(anonymous)';
  const file = shorten(printable(baseName(view.url)), 40);
  return view.line === 0 && view.column === 0 ? file : `(anonymous) ${file}:${view.line + 1}`;
}

/** The last segment of a url or path. */
export function baseName(url: string): string {
  return url.slice(Math.max(url.lastIndexOf('/'), url.lastIndexOf('\\')) + 1) || url;
}
