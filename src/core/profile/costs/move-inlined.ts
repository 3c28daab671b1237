import type { FunctionTable, ProfileTables } from '../tables';
import { depthFirst } from '../tree-order';

/** A function that the profile has no row for: it was inlined whenever it was sampled. Strings as they are, positions from 0. */
export interface AddedFunction {
  readonly name: string;
  /** A function of the same file, whose url, category and package it has. */
  readonly like: number;
  readonly line: number;
  readonly column: number;
}

/** What becomes of one row of the line table. */
export type LineMove =
  /** Its samples ran in a function that V8 had inlined: by rows of the function table, from below the node to that function. */
  | { readonly kind: 'inlined'; readonly path: readonly number[] }
  /** Its line is in no place that this node can have run: the line is not known. */
  | { readonly kind: 'nowhere' };

/**
 * Gives the samples of inlined functions to those functions. V8 puts a sample of an inlined function
 * into the node of the function that it was inlined into, with the line that ran (until V8 14, which
 * tells the whole stack):
 *
 *   run   1,089 samples, lines 4: 1064  10: 23  11: 2        run   25 samples, lines 10: 23  11: 2
 *     work   2 samples                                  ->     work  1,066 samples, lines 4: 1064 …, 1,064 of them inlined
 *
 * Which of the node's samples were on which line is not in a profile. They are dealt out evenly in the
 * order of time, so that any range of it has about the right part of each. Σ of costs, hits and ticks stays.
 *
 * `moves` is by row of the line table; `added` are functions behind those of the table. O(nodes + samples + lines).
 */
export function moveInlined(tables: ProfileTables, moves: ReadonlyMap<number, LineMove>, added: readonly AddedFunction[] = []): ProfileTables {
  if (moves.size === 0) return tables;
  const { nodes, lines, samples } = tables;
  const tree = new GrowingTree(tables);
  const ticksOf = new Float64Array(nodes.length);
  for (let row = 0; row < lines.length; row++) {
    const node = lines.node[row] as number;
    ticksOf[node] = (ticksOf[node] as number) + (lines.ticks[row] as number);
  }
  /** By node, the nodes that take a part of it, and how many of its ticks. */
  const parts = new Map<number, Map<number, number>>();
  const lineNode = Uint32Array.from(lines.node);
  for (const [row, move] of moves) {
    if (move.kind !== 'inlined') continue;
    const from = lines.node[row] as number;
    const to = move.path.reduce((up, func) => tree.child(up, func), from);
    const own = parts.get(from) ?? new Map<number, number>();
    own.set(to, (own.get(to) ?? 0) + (lines.ticks[row] as number));
    parts.set(from, own);
    lineNode[row] = to;
  }
  const sampleNode = Uint32Array.from(samples.node);
  dealOut(tables, tree, parts, ticksOf, sampleNode);
  const functions = withFunctions(tables, added);
  const { nodes: moved, positionOf } = tree.finish(tables);
  const kept = Array.from(lineNode.keys()).filter((row) => moves.get(row)?.kind !== 'nowhere');
  return {
    ...tables,
    ...functions,
    nodes: moved,
    samples: { ...samples, node: sampleNode.map((node) => positionOf[node] as number) },
    lines: summed(
      kept.map((row) => positionOf[lineNode[row] as number] as number),
      kept.map((row) => lines.line[row] as number),
      kept.map((row) => lines.ticks[row] as number),
    ),
  };
}

/** The node table while nodes are added. */
class GrowingTree {
  readonly #parent: number[] = [];
  readonly #func: number[] = [];
  readonly #children = new Map<number, Map<number, number>>();
  readonly #tables: ProfileTables;
  /** By added node and by old node: own cost, hits, and hits that V8 gave to the caller. */
  readonly #self = new Map<number, number>();
  readonly #hits = new Map<number, number>();
  readonly #inlined = new Map<number, number>();

  constructor(tables: ProfileTables) {
    this.#tables = tables;
  }

  /** The node of a function below another. */
  child(up: number, func: number): number {
    const { nodes } = this.#tables;
    let known = this.#children.get(up);
    if (!known) {
      known = new Map();
      if (up < nodes.length) {
        const end = nodes.subtreeEnd[up] as number;
        // The first of several of one function is the costliest.
        for (let at = up + 1; at < end; at = nodes.subtreeEnd[at] as number) if (!known.has(nodes.func[at] as number)) known.set(nodes.func[at] as number, at);
      }
      this.#children.set(up, known);
    }
    let node = known.get(func);
    if (node === undefined) {
      node = nodes.length + this.#parent.length;
      this.#parent.push(up);
      this.#func.push(func);
      known.set(func, node);
    }
    return node;
  }

  give(from: number, to: number, cost: number, hits: number): void {
    this.#self.set(from, this.#of(this.#self, from, this.#tables.nodes.self) - cost);
    this.#self.set(to, this.#of(this.#self, to, this.#tables.nodes.self) + cost);
    this.#hits.set(from, this.#of(this.#hits, from, this.#tables.nodes.hits) - hits);
    this.#hits.set(to, this.#of(this.#hits, to, this.#tables.nodes.hits) + hits);
    this.#inlined.set(to, this.#of(this.#inlined, to, this.#tables.nodes.inlined) + hits);
  }

  #of(changed: ReadonlyMap<number, number>, node: number, old: ArrayLike<number>): number {
    return changed.get(node) ?? old[node] ?? 0;
  }

  finish({ nodes }: ProfileTables): ReturnType<typeof depthFirst> {
    const count = nodes.length + this.#parent.length;
    const parent = new Int32Array(count);
    parent.set(nodes.parent);
    parent.set(this.#parent, nodes.length);
    const func = new Uint32Array(count);
    func.set(nodes.func);
    func.set(this.#func, nodes.length);
    const self = grown(new Float64Array(count), nodes.self, this.#self);
    const hits = grown(new Uint32Array(count), nodes.hits, this.#hits);
    const inlined = grown(new Uint32Array(count), nodes.inlined, this.#inlined);
    const rows = { self, hits, func, inlined: (row: number) => inlined[row] as number, deopt: (row: number) => nodes.deopt[row] ?? 0 };
    return depthFirst({ count, parent, root: 0 }, rows);
  }
}

function grown<T extends Float64Array | Uint32Array>(column: T, old: T, changed: ReadonlyMap<number, number>): T {
  column.set(old);
  for (const [row, value] of changed) column[row] = Math.max(0, value);
  return column;
}

/** One of the nodes that share a node's samples. */
interface Part {
  readonly to: number;
  /** Samples that it is to get. */
  readonly count: number;
  given: number;
}

/** Deals a node's samples out to the nodes that its ticks belong to. Where there are no samples, its cost. */
function dealOut(
  { nodes, samples, endTime }: ProfileTables,
  tree: GrowingTree,
  parts: ReadonlyMap<number, ReadonlyMap<number, number>>,
  ticksOf: Float64Array,
  sampleNode: Uint32Array,
): void {
  const dealt = new Map<number, { readonly parts: readonly Part[]; readonly hits: number; seen: number }>();
  for (const [from, targets] of parts) {
    const hits = nodes.hits[from] as number;
    const whole = Math.max(ticksOf[from] as number, hits);
    const shares = [...targets].map(([to, ticks]) => ({ to, share: ticks / whole }));
    if (samples.length === 0) {
      for (const { to, share } of shares) tree.give(from, to, (nodes.self[from] as number) * share, Math.round(hits * share));
      continue;
    }
    dealt.set(from, { parts: counts(shares, hits), hits, seen: 0 });
  }
  for (let i = 0; i < samples.length && dealt.size > 0; i++) {
    const from = samples.node[i] as number;
    const deal = dealt.get(from);
    if (!deal) continue;
    deal.seen++;
    // Who is furthest behind what it should have by now; the node itself keeps what nobody is owed.
    let best: Part | undefined;
    let most = 0;
    for (const part of deal.parts) {
      const owed = (part.count * deal.seen) / deal.hits - part.given;
      if (owed > most && part.given < part.count) {
        best = part;
        most = owed;
      }
    }
    const own = deal.seen - deal.parts.reduce((sum, { given }) => sum + given, 0);
    const ownCount = deal.hits - deal.parts.reduce((sum, { count }) => sum + count, 0);
    const ownOwed = (ownCount * deal.seen) / deal.hits - (own - 1);
    if (!best || (ownOwed > most && own <= ownCount)) continue;
    best.given++;
    sampleNode[i] = best.to;
    const next = i + 1 < samples.length ? (samples.start[i + 1] as number) : endTime;
    tree.give(from, best.to, next - (samples.start[i] as number), 1);
  }
}

/** Whole numbers of samples: each part's share of them, rounded down, and one more for the largest rests. */
function counts(shares: readonly { readonly to: number; readonly share: number }[], hits: number): Part[] {
  const exact = shares.map(({ to, share }) => ({ to, wanted: share * hits }));
  const whole = Math.round(exact.reduce((sum, { wanted }) => sum + wanted, 0));
  let left = whole - exact.reduce((sum, { wanted }) => sum + Math.floor(wanted + 1e-9), 0);
  const byRest = [...exact].sort((a, b) => (b.wanted % 1) - (a.wanted % 1));
  const more = new Set(byRest.filter(() => left-- > 0).map(({ to }) => to));
  return exact.map(({ to, wanted }) => ({ to, count: Math.floor(wanted + 1e-9) + (more.has(to) ? 1 : 0), given: 0 }));
}

function withFunctions({ functions, strings }: ProfileTables, added: readonly AddedFunction[]): Pick<ProfileTables, 'functions' | 'strings'> {
  if (added.length === 0) return { functions, strings };
  const length = functions.length + added.length;
  const grow = <T extends Uint32Array | Int32Array | Uint8Array>(column: T, into: T, of: (one: AddedFunction, at: number) => number): T => {
    into.set(column);
    for (const [at, one] of added.entries()) into[functions.length + at] = of(one, at);
    return into;
  };
  const table: FunctionTable = {
    length,
    name: grow(functions.name, new Uint32Array(length), (_, at) => strings.length + at),
    url: grow(functions.url, new Uint32Array(length), ({ like }) => functions.url[like] as number),
    line: grow(functions.line, new Int32Array(length), ({ line }) => line),
    column: grow(functions.column, new Int32Array(length), ({ column }) => column),
    category: grow(functions.category, new Uint8Array(length), ({ like }) => functions.category[like] as number),
    package: grow(functions.package, new Uint32Array(length), ({ like }) => functions.package[like] as number),
  };
  return { functions: table, strings: strings.with(added.map(({ name }) => name)) };
}

/** The line table with one row for a node and line. */
function summed(node: readonly number[], line: readonly number[], ticks: readonly number[]): ProfileTables['lines'] {
  const rows = new Map<string, number>();
  const table: { node: number[]; line: number[]; ticks: number[] } = { node: [], line: [], ticks: [] };
  for (let i = 0; i < node.length; i++) {
    const key = `${node[i]}:${line[i]}`;
    const row = rows.get(key);
    if (row !== undefined) {
      table.ticks[row] = (table.ticks[row] as number) + (ticks[i] as number);
      continue;
    }
    rows.set(key, table.node.length);
    table.node.push(node[i] as number);
    table.line.push(line[i] as number);
    table.ticks.push(ticks[i] as number);
  }
  return { length: table.node.length, node: Uint32Array.from(table.node), line: Uint32Array.from(table.line), ticks: Uint32Array.from(table.ticks) };
}
