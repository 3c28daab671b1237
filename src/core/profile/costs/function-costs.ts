import { type FunctionIndex, functionIndex } from '../../../shared/brands';
import { Category } from '../categories';
import type { ProfileTables } from '../tables';
import { effectiveSamples, squaredCosts } from './effective-samples';
import { isGap, SUSPENDED } from './sampling-gaps';

/** Costs by function. Columns have one entry a function; times in microseconds. */
export interface FunctionCosts {
  readonly self: Float64Array;
  /** Inclusive; a function counts once per stack, however deep it recurses. */
  readonly total: Float64Array;
  readonly hits: Uint32Array;
  /** Σ of the squared costs of the samples that ended in it. */
  readonly squares: Float64Array;
  /** Of `hits`, those that V8 gave to the caller it was inlined into. */
  readonly inlined: Uint32Array;
}

/** O(nodes), no stack: a node counts if it lies outside of the last counted subtree of its function. */
export function functionCosts(tables: ProfileTables): FunctionCosts {
  const { nodes, functions } = tables;
  const self = new Float64Array(functions.length);
  const total = new Float64Array(functions.length);
  const hits = new Uint32Array(functions.length);
  const squares = new Float64Array(functions.length);
  const inlined = new Uint32Array(functions.length);
  const squaresOf = squaredCosts(tables);
  const countedUpTo = new Uint32Array(functions.length);
  for (let node = 0; node < nodes.length; node++) {
    const func = nodes.func[node] as number;
    self[func] = (self[func] as number) + (nodes.self[node] as number);
    hits[func] = (hits[func] as number) + (nodes.hits[node] as number);
    inlined[func] = (inlined[func] as number) + (nodes.inlined[node] as number);
    squares[func] = (squares[func] as number) + (squaresOf[node] as number);
    if (node >= (countedUpTo[func] as number)) {
      total[func] = (total[func] as number) + (nodes.total[node] as number);
      countedUpTo[func] = nodes.subtreeEnd[node] as number;
    }
  }
  return { self, total, hits, squares, inlined };
}

/** What the headline shows. Times in microseconds. */
export interface ProfileTotals {
  /** From `startTime` to `endTime`. */
  readonly duration: number;
  /** Everything sampled but idle: what shares are shares of. */
  readonly active: number;
  readonly idle: number;
  /** In which no sample was taken: nobody's. */
  readonly notSampled: number;
  /** Of `duration`, what no sample covers: what came before the first one. */
  readonly unsampled: number;
  readonly gc: number;
  readonly program: number;
  readonly samples: number;
  readonly activeSamples: number;
  /** How many samples of equal cost the active ones are worth: what intervals rest on. */
  readonly effectiveSamples: number;
}

/** How many times the active time a running program must have gone without samples for that to be doubt about all of it. */
const DOUBT = 2;

export function profileTotals(tables: ProfileTables, costs: FunctionCosts): ProfileTotals {
  const byCategory = new Float64Array(16);
  let idleSamples = 0;
  let notSampled = 0;
  let doubtful = 0;
  let doubtfulSquares = 0;
  let samples = 0;
  let squares = 0;
  for (let func = 0; func < tables.functions.length; func++) {
    const category = tables.functions.category[func] as number;
    if (category === Category.Idle && isGap(tables, func)) {
      const unseen = costs.self[func] as number;
      notSampled += unseen;
      if (unseen <= SUSPENDED * (costs.hits[func] as number)) {
        doubtful += unseen;
        doubtfulSquares += costs.squares[func] as number;
      }
      continue;
    }
    byCategory[category] = (byCategory[category] as number) + (costs.self[func] as number);
    samples += costs.hits[func] as number;
    if (category === Category.Idle) idleSamples += costs.hits[func] as number;
    else squares += costs.squares[func] as number;
  }
  const idle = byCategory[Category.Idle] as number;
  const active = (tables.nodes.total[0] as number) - idle - notSampled;
  // Where that is much beside what was seen, it may have been anybody's: each gap is as unsure as one sample of its length.
  if (doubtful >= DOUBT * active) squares += doubtfulSquares;
  else doubtful = 0;
  const sampled = tables.nodes.total[0] as number;
  const duration = tables.endTime > tables.startTime ? tables.endTime - tables.startTime : sampled;
  return {
    duration,
    unsampled: Math.max(0, duration - sampled),
    active,
    idle,
    notSampled,
    gc: byCategory[Category.Gc] as number,
    program: byCategory[Category.Program] as number,
    samples,
    activeSamples: samples - idleSamples,
    // Counts and bytes are merged: what single samples weighed is not known.
    effectiveSamples: tables.unit === 'microseconds' ? Math.min(samples - idleSamples, effectiveSamples(active + doubtful, squares)) : samples - idleSamples,
  };
}

/** Function rows with a cost, by falling self time. */
export function functionsBySelf(costs: FunctionCosts): FunctionIndex[] {
  const rows: FunctionIndex[] = [];
  for (let func = 0; func < costs.self.length; func++) {
    if ((costs.total[func] as number) > 0 || (costs.hits[func] as number) > 0) rows.push(functionIndex(func));
  }
  return rows.sort((a, b) => (costs.self[b] as number) - (costs.self[a] as number) || (costs.total[b] as number) - (costs.total[a] as number) || a - b);
}

/** GC time by the function that ran just before: GC has a node of its own in V8's tree. */
export function gcByFunction(tables: ProfileTables): Float64Array {
  const { nodes, samples, functions, endTime } = tables;
  const gc = new Float64Array(functions.length);
  let running = -1;
  for (let i = 0; i < samples.length; i++) {
    const func = nodes.func[samples.node[i] as number] as number;
    if (functions.category[func] !== Category.Gc) {
      running = func;
      continue;
    }
    const next = i + 1 < samples.length ? (samples.start[i + 1] as number) : endTime;
    if (running >= 0) gc[running] = (gc[running] as number) + next - (samples.start[i] as number);
  }
  return gc;
}
