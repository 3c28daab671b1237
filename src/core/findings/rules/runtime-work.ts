import { type FunctionIndex, functionIndex } from '../../../shared/brands';
import { formatShare } from '../../../shared/format';
import type { FindingLevel } from '../../../shared/reported-finding';
import { Category } from '../../profile/categories';
import { effectiveSamples } from '../../profile/costs/effective-samples';
import type { ProfileTables } from '../../profile/tables';
import { blameFor, worthBlaming } from '../blame';
import { type Evidence, isSupported, largestRow, levelOf, type Rule } from '../evidence';
import { evidenceText, frameLabel, reachedText } from '../explain';
import { type Blame, type Finding, marked } from '../finding';
import { regexpAdvice, regexpShape } from '../regexp-shape';
import { asksPool, isLazyModule, type WorkKind, workKinds } from '../runtime-work';
import { costlyPackages, loadedText } from './loaded-packages';

/** Work that the runtime does for the program: by kind, blamed on the own code that asks for it. */
export const runtimeWork: Rule = (evidence) => {
  const kinds = kindOfNodes(evidence);
  const lines = linesInSource(evidence);
  return workKinds.flatMap((kind, at) => ofKind(evidence, kind, at, kinds, lines[at] ?? []) ?? []);
};

/** Microseconds from which a kind of work is more than a note: below, nobody waits for it. */
const LOUD = 100_000;

/** A line whose time is a kind of work, by its text. */
interface WorkLine {
  readonly func: FunctionIndex;
  readonly line: number;
  readonly self: number;
  readonly ticks: number;
}

function ofKind(evidence: Evidence, kind: WorkKind, at: number, kinds: Kinds, lines: readonly WorkLine[]): Finding | undefined {
  const { tables, costs, totals, thresholds, own } = evidence;
  const { nodes } = tables;
  const explains = new Map<number, number>();
  let cost = 0;
  let samples = 0;
  let squared = 0;
  const add = (func: number, self: number, hits: number, squares: number): void => {
    if (self <= 0 && hits <= 0) return;
    explains.set(func, (explains.get(func) ?? 0) + self);
    cost += self;
    samples += hits;
    squared += squares;
  };
  for (const node of kinds.nodes[at] ?? [])
    add(nodes.func[node] as number, nodes.self[node] as number, nodes.hits[node] as number, evidence.squares[node] as number);
  const inFrames = cost;
  for (const { func, self, ticks } of lines) add(func, self, ticks, ((costs.squares[func] as number) * self) / (costs.self[func] as number));
  const share = cost / totals.active;
  if (kind.rule === 'module-loading' && !hasImports(tables)) return undefined;
  const isMuch = tables.unit !== 'microseconds' || cost >= kind.least;
  if (!isMuch || !isSupported(evidence, share, samples, thresholds.runtime)) return undefined;
  const inSource = cost - inFrames;
  const blame = worthBlaming(
    inSource > inFrames ? blameForLines(evidence, lines) : blameFor(tables, own, (node) => (kinds.of[node] === at ? (nodes.self[node] as number) : 0)),
    cost,
  );
  const entry = inSource > inFrames ? costliest(lines)?.func : entryOf(evidence, at, kinds);
  const where =
    blame?.callee === undefined && blame
      ? ` ${formatShare(Math.min(1, blame.cost / cost))} of it is in your ${frameLabel(tables, blame.func)}.`
      : reachedText(evidence, blame, cost);
  const loaded = kind.rule === 'module-loading' ? costlyPackages(tables, (node) => kinds.of[node] === at) : [];
  return {
    rule: kind.rule,
    level: quieter(levelOf(evidence, share), tables.unit === 'microseconds' && cost < LOUD ? 'info' : kind.loudest),
    share,
    cost,
    samples,
    effective: effectiveSamples(cost, squared),
    functions: marked(entry, blame),
    blame,
    title: kind.title,
    summary: `${kind.what} ${kind.isPlural ? 'take' : 'takes'} ${evidenceText(evidence, cost, samples)}.${where}${loadedText(loaded, totals.active)}`,
    advice: kind.advice,
    explains,
    loads: loaded[0]?.name,
  };
}

/** Whether a program has more than one script of its own or of packages. What Node.js does to load the one is not to be had for less. */
function hasImports({ functions, strings }: ProfileTables): boolean {
  const urls = new Set<number>();
  for (let func = 0; func < functions.length; func++) {
    const category = functions.category[func];
    if ((category === Category.User || category === Category.Dependency) && strings.at(functions.url[func] as number) !== '')
      urls.add(functions.url[func] as number);
  }
  return urls.size > 1;
}

/** The function that the rest of the program calls for most of the work: the top of its own frames. */
function entryOf({ tables }: Evidence, at: number, { of: kinds }: Kinds): FunctionIndex | undefined {
  const { nodes, functions } = tables;
  const entry = new Int32Array(nodes.length).fill(-1);
  const sums = new Float64Array(functions.length);
  for (let node = 1; node < nodes.length; node++) {
    if (kinds[node] !== at) continue;
    const parent = nodes.parent[node] as number;
    const top = kinds[parent] === at ? (entry[parent] as number) : (nodes.func[node] as number);
    entry[node] = top;
    sums[top] = (sums[top] as number) + (nodes.self[node] as number);
  }
  return largestRow(sums);
}

/** In place of a kind: Node.js compiles a module of its own, or hands work to other threads, which is nobody's work here. */
const NOBODYS = -2;

/** Call nodes and their kinds of work. */
interface Kinds {
  /** For each node the row of its kind; -1 for none. */
  readonly of: Int8Array;
  /** By kind, its nodes. */
  readonly nodes: readonly (readonly number[])[];
}

/** One pass, parents first; frames are looked at once a function and kind of caller. */
function kindOfNodes({ tables }: Evidence): Kinds {
  const { nodes, functions, strings } = tables;
  const kinds = new Int8Array(nodes.length).fill(-1);
  const byKind: number[][] = workKinds.map(() => []);
  const known = new Map<number, number>();
  for (let node = 1; node < nodes.length; node++) {
    const func = nodes.func[node] as number;
    const category = functions.category[func] as number;
    if (category !== Category.Node && category !== Category.Native) continue;
    const parent = nodes.parent[node] as number;
    // V8 gives code from `new Function` and `eval` no url: it stands as native, but is work of its own.
    const isScript = functions.url[func] === 0 && (functions.line[func] as number) >= 0;
    const inherited = isScript ? -1 : (kinds[parent] as number);
    const url = strings.at(functions.url[func] as number);
    if (inherited === NOBODYS || isLazyModule(url) || (inherited < 0 && asksPool(strings.at(functions.name[func] as number), url))) {
      kinds[node] = NOBODYS;
      continue;
    }
    if (inherited >= 0 && workKinds[inherited]?.withCallees) {
      kinds[node] = inherited;
      byKind[inherited]?.push(node);
      continue;
    }
    const caller = functions.category[nodes.func[parent] as number] as number;
    const key = func * 16 + caller;
    let kind = known.get(key);
    if (kind === undefined) {
      const frame = { name: strings.at(functions.name[func] as number), url, category, caller };
      kind = workKinds.findIndex((one) => one.isFrame(frame));
      known.set(key, kind);
    }
    kinds[node] = kind;
    if (kind >= 0) byKind[kind]?.push(node);
  }
  return { of: kinds, nodes: byKind };
}

/** Functions whose lines are looked at for a call. Further ones are too small to matter. */
const MAX_FUNCTIONS = 20;

/** By kind, the lines of hot functions that call it. */
function linesInSource({ costs, totals, thresholds, bySelf, tables, linesOf }: Evidence): WorkLine[][] {
  const found: WorkLine[][] = workKinds.map(() => []);
  for (const func of bySelf.slice(0, MAX_FUNCTIONS)) {
    if ((costs.self[func] as number) < (thresholds.runtime / 4) * totals.active) break;
    const category = tables.functions.category[func] as number;
    if (category !== Category.User && category !== Category.Dependency) continue;
    for (const { line, self, ticks, text } of linesOf(func)) {
      const at = workKinds.findIndex(({ inSource }) => inSource?.test(text));
      if (at >= 0) found[at]?.push({ func, line, self, ticks });
    }
  }
  return found;
}

const costliest = (lines: readonly WorkLine[]): WorkLine | undefined =>
  lines.reduce<WorkLine | undefined>((most, one) => (most === undefined || one.self > most.self ? one : most), undefined);

/** The costliest line, where it is the user's; else the own code that leads to its function. */
function blameForLines({ tables, own }: Evidence, lines: readonly WorkLine[]): Blame | undefined {
  const most = costliest(lines);
  if (!most) return undefined;
  const { func, line } = most;
  const cost = lines.reduce((sum, one) => sum + (one.func === func ? one.self : 0), 0);
  if (tables.functions.category[func] === Category.User) return { func, cost, callee: undefined, line };
  const { nodes } = tables;
  return blameFor(tables, own, (node) => (nodes.func[node] === func ? (nodes.self[node] as number) : 0));
}

const rank: Readonly<Record<FindingLevel, number>> = { info: 0, warning: 1, error: 2 };
const quieter = (level: FindingLevel, loudest: FindingLevel = 'error'): FindingLevel => (rank[level] > rank[loudest] ? loudest : level);

/** Named patterns of regular expressions, and the part of all matching that is worth naming one for. */
const NAMED = 3;

/** Matching of regular expressions that V8 has compiled, which have frames named `RegExp: PATTERN`. */
export const regexp: Rule = (evidence) => {
  const { tables, costs, totals, thresholds, own, bySelf } = evidence;
  const { nodes, functions } = tables;
  const rows = bySelf.filter((func) => functions.category[func] === Category.RegExp && (costs.self[func] as number) > 0);
  const cost = rows.reduce((sum, func) => sum + (costs.self[func] as number), 0);
  const samples = rows.reduce((sum, func) => sum + (costs.hits[func] as number), 0);
  const share = cost / totals.active;
  const [largest] = rows;
  if (largest === undefined || !isSupported(evidence, share, samples, thresholds.runtime)) return [];
  const blame = worthBlaming(
    blameFor(tables, own, (node) => (functions.category[nodes.func[node] as number] === Category.RegExp ? (nodes.self[node] as number) : 0)),
    cost,
  );
  const named = rows.slice(0, NAMED).map((func) => `${patternOf(evidence, func)} (${formatShare((costs.self[func] as number) / cost)})`);
  const most = (costs.self[largest] as number) / cost;
  return [
    {
      rule: 'regexp',
      level: levelOf(evidence, share),
      share,
      cost,
      samples,
      effective: effectiveSamples(
        cost,
        rows.reduce((sum, func) => sum + (costs.squares[func] as number), 0),
      ),
      functions: marked(functionIndex(largest), blame),
      blame,
      title: most > 0.5 ? `Regular expression ${patternOf(evidence, largest)}` : 'Regular expressions',
      summary: `Matching takes ${evidenceText(evidence, cost, samples)}${most > 0.95 ? '' : `: ${named.join(', ')}`}.${reachedText(evidence, blame, cost)}`,
      advice: regexpAdvice(regexpShape(sourceOf(evidence, functionIndex(largest)))),
      explains: new Map(rows.map((func) => [func, costs.self[func] as number])),
    },
  ];
};

/** The pattern as V8 names it, whole. */
const sourceOf = ({ tables: { functions, strings } }: Evidence, func: FunctionIndex): string =>
  strings.at(functions.name[func] as number).replace(/^RegExp: /, '');

const patternOf = ({ tables }: Evidence, func: FunctionIndex): string => `/${frameLabel(tables, func).replace(/^RegExp: /, '')}/`;
