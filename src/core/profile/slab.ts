import { microseconds, units } from '../../shared/brands';
import type { ProfileIssue } from '../../shared/issue';
import { err, ok, type Result } from '../../shared/result';
import { Category } from './categories';
import { sampleCosts } from './sample-costs';
import { type Form, formOf, type Numbers, planeBytes, readNumbers, writeNumbers } from './slab-numbers';
import { StringTable } from './string-table';
import type { ProfileTables } from './tables';

/**
 * The slab: a profile's tables as one block of bytes, for a file or a webview. It has
 * to travel, through several processes in VS Code, so it holds no number twice: what
 * follows from other columns is not in it (parents and subtrees follow from depths,
 * totals from own costs, own costs and hits from samples), and every column has as few
 * bytes a row as its values need. A fifth of the tables' own size. Little-endian.
 *
 *   0   u32 magic 'PLT1'     4   u32 layout version
 *   8   f64 startTime        16  f64 endTime
 *   24  u32 total bytes      28  u32 unit (row of `units`)
 *   32  u32 rows of: string bytes, string offsets, functions, nodes, samples, lines
 *   56  (u32 offset, u32 form) a column, in the order of `columns`; forms: slab-numbers.ts
 *   …   the columns, each 8-aligned
 *
 * A slab that is short, of another version, or breaks an invariant of the tables
 * (`checkTables`) is refused.
 */
const MAGIC = 0x31544c50;
const VERSION = 4;
const HEADER = 56;

const counted = ['bytes', 'offsets', 'functions', 'nodes', 'samples', 'lines'] as const;
type Counted = (typeof counted)[number];

/** What a column holds; `of` its rows. The `anchor` of a table is always stored, so no damaged count asks for more memory than the file has bytes for. */
interface ColumnSpec {
  readonly of: Counted;
  readonly isAnchor?: boolean;
  readonly as: 'u8' | 'u32' | 'i32' | 'f64';
}

const columns = {
  stringBytes: { of: 'bytes', as: 'u8', isAnchor: true },
  stringOffsets: { of: 'offsets', as: 'u32', isAnchor: true },
  name: { of: 'functions', as: 'u32', isAnchor: true },
  url: { of: 'functions', as: 'u32' },
  line: { of: 'functions', as: 'i32' },
  column: { of: 'functions', as: 'i32' },
  category: { of: 'functions', as: 'u8' },
  package: { of: 'functions', as: 'u32' },
  depth: { of: 'nodes', as: 'u32', isAnchor: true },
  func: { of: 'nodes', as: 'u32' },
  deopt: { of: 'nodes', as: 'u32' },
  inlined: { of: 'nodes', as: 'u32' },
  self: { of: 'nodes', as: 'f64' },
  hits: { of: 'nodes', as: 'u32' },
  sampleNode: { of: 'samples', as: 'u32', isAnchor: true },
  sampleStart: { of: 'samples', as: 'f64' },
  lineNode: { of: 'lines', as: 'u32', isAnchor: true },
  lineLine: { of: 'lines', as: 'u32' },
  lineTicks: { of: 'lines', as: 'u32' },
} as const satisfies Record<string, ColumnSpec>;
type ColumnName = keyof typeof columns;
const specs = Object.entries(columns) as [ColumnName, ColumnSpec][];
const BEGIN = align(HEADER + specs.length * 8);

function align(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

export function encodeSlab(tables: ProfileTables): ArrayBuffer {
  const { strings: s, functions: f, nodes: n, samples, lines } = tables;
  const sampled = sampleCosts(samples.node, samples.start, tables.endTime, n.length);
  const values: Record<ColumnName, Numbers> = {
    ...{ stringBytes: s.bytes, stringOffsets: s.offsets },
    ...{ name: f.name, url: f.url, line: f.line, column: f.column, category: f.category, package: f.package },
    ...{ depth: n.depth, func: n.func, deopt: n.deopt, inlined: n.inlined, self: n.self, hits: n.hits },
    ...{ sampleNode: samples.node, sampleStart: samples.start },
    ...{ lineNode: lines.node, lineLine: lines.line, lineTicks: lines.ticks },
  };
  const derived: Partial<Record<ColumnName, Numbers>> = { self: sampled.self, hits: sampled.hits };
  let size = BEGIN;
  const planned = specs.map(([name, { isAnchor }]) => {
    const known = derived[name];
    const form: Form =
      samples.length > 0 && known && equal(values[name], known) ? 'derived' : formOf(values[name], isAnchor === true, firstOf(name, tables.startTime));
    const offset = size;
    size = align(size + planeBytes(form, values[name].length));
    return { name, form, offset };
  });
  const buffer = new ArrayBuffer(size);
  const view = new DataView(buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  view.setFloat64(8, tables.startTime, true);
  view.setFloat64(16, tables.endTime, true);
  view.setUint32(24, size, true);
  view.setUint32(28, units.indexOf(tables.unit), true);
  const rows: Record<Counted, number> = {
    bytes: s.bytes.length,
    offsets: s.offsets.length,
    functions: f.length,
    nodes: n.length,
    samples: samples.length,
    lines: lines.length,
  };
  for (const [at, name] of counted.entries()) view.setUint32(32 + at * 4, rows[name], true);
  for (const [at, { name, form, offset }] of planned.entries()) {
    view.setUint32(HEADER + at * 8, offset, true);
    view.setUint32(HEADER + at * 8 + 4, forms.indexOf(form), true);
    writeNumbers(buffer, offset, form, values[name], firstOf(name, tables.startTime));
  }
  return buffer;
}

const forms: readonly Form[] = ['zeros', 'u8', 'u16', 'u24', 'u32', 'f64', 'steps-u8', 'steps-u16', 'steps-u32', 'derived'];

/** Where the steps of a column that rises begin; undefined for a column that is stored as it is. */
const firstOf = (name: ColumnName, startTime: number): number | undefined =>
  name === 'stringOffsets' ? 0 : name === 'sampleStart' && Number.isFinite(startTime) ? startTime : undefined;

const equal = (a: Numbers, b: Numbers): boolean => {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
};

export function decodeSlab(buffer: ArrayBuffer): Result<ProfileTables, ProfileIssue> {
  const slab = openSlab(buffer);
  if (!slab.ok) return bad(slab.error);
  const columns = readColumns(slab.value);
  if (!columns.ok) return bad(columns.error);
  const { found, derived } = columns.value;
  const { rowsOf, startTime, endTime, unit } = slab.value;
  const u32 = (name: ColumnName): Uint32Array => found[name] as Uint32Array;
  const functions = {
    length: rowsOf('functions'),
    ...{ name: u32('name'), url: u32('url'), line: found.line as Int32Array, column: found.column as Int32Array },
    ...{ category: found.category as Uint8Array, package: u32('package') },
  };
  const samples = { length: rowsOf('samples'), node: u32('sampleNode'), start: found.sampleStart as Float64Array };
  const lines = { length: rowsOf('lines'), node: u32('lineNode'), line: u32('lineLine'), ticks: u32('lineTicks') };
  const length = rowsOf('nodes');

  if (rowsOf('offsets') === 0 || isOutside(u32('stringOffsets'), rowsOf('bytes') + 1)) return bad('not true: strings lie within their bytes');
  const strings = new StringTable(found.stringBytes as Uint8Array, u32('stringOffsets'));
  const untrue = untrueOf({ strings, functions, samples, lines, func: u32('func'), deopt: u32('deopt'), length });
  if (untrue !== undefined) return bad(`not true: ${untrue}`);
  const tree = treeOfDepths(u32('depth'));
  if (!tree) return bad('not true: depths are those of a tree');

  const sampled = samples.length > 0 ? sampleCosts(samples.node, samples.start, endTime, length) : undefined;
  const self = (derived.has('self') && sampled?.self) || (found.self as Float64Array);
  const hits = (derived.has('hits') && sampled?.hits) || u32('hits');
  const wrongCost = wrongCostOf(self, derived.has('self') ? undefined : sampled?.self);
  if (wrongCost !== undefined) return bad(`not true: ${wrongCost}`);
  return ok({
    strings,
    functions,
    nodes: {
      length,
      ...tree,
      ...{ func: u32('func'), depth: u32('depth'), self, total: totalsOf(self, tree.parent), hits, deopt: u32('deopt'), inlined: u32('inlined') },
    },
    samples,
    lines,
    startTime: microseconds(startTime),
    endTime: microseconds(endTime),
    unit,
  });
}

const bad = (detail: string): Result<never, ProfileIssue> => err({ kind: 'bad-slab', detail });

/** A slab whose head is one. */
interface OpenSlab {
  readonly buffer: ArrayBuffer;
  readonly view: DataView;
  readonly unit: ProfileTables['unit'];
  readonly startTime: number;
  readonly endTime: number;
  rowsOf(of: Counted): number;
}

function openSlab(buffer: ArrayBuffer): Result<OpenSlab, string> {
  if (buffer.byteLength < BEGIN) return err('too short');
  const view = new DataView(buffer);
  if (view.getUint32(0, true) !== MAGIC) return err('not a slab');
  if (view.getUint32(4, true) !== VERSION) return err(`layout version ${view.getUint32(4, true)}`);
  if (view.getUint32(24, true) !== buffer.byteLength) return err('incomplete');
  const unit = units[view.getUint32(28, true)];
  if (!unit) return err(`unit ${view.getUint32(28, true)}`);
  const startTime = view.getFloat64(8, true);
  const endTime = view.getFloat64(16, true);
  if (!Number.isFinite(startTime) || !Number.isFinite(endTime)) return err('start and end are no times');
  return ok({ buffer, view, unit, startTime, endTime, rowsOf: (of) => view.getUint32(32 + counted.indexOf(of) * 4, true) });
}

interface SlabColumns {
  readonly found: Readonly<Record<ColumnName, Numbers>>;
  /** Those that follow from the samples. */
  readonly derived: ReadonlySet<ColumnName>;
}

function readColumns({ buffer, view, startTime, rowsOf }: OpenSlab): Result<SlabColumns, string> {
  const found = {} as Record<ColumnName, Numbers>;
  const derived = new Set<ColumnName>();
  for (const [at, [name, { of, as, isAnchor }]] of specs.entries()) {
    const offset = view.getUint32(HEADER + at * 8, true);
    const form = forms[view.getUint32(HEADER + at * 8 + 4, true)];
    const rows = rowsOf(of);
    if (form === undefined || (isAnchor && form === 'zeros' && rows > 0)) return err(`form of the column ${name}`);
    if (form === 'derived') {
      if ((name !== 'self' && name !== 'hits') || rowsOf('samples') === 0) return err(`the column ${name} is missing`);
      derived.add(name);
      continue;
    }
    if (offset % 8 !== 0 || offset < BEGIN || offset + planeBytes(form, rows) > buffer.byteLength) return err(`the column ${name} lies outside`);
    const numbers = readNumbers(buffer, offset, form, rows, as, firstOf(name, startTime));
    if (!numbers) return err(`the column ${name} does not fit its form`);
    found[name] = numbers;
  }
  return ok({ found, derived });
}

function isOutside(column: Numbers, end: number): boolean {
  for (let i = 0; i < column.length; i++) if (!((column[i] as number) < end)) return true;
  return false;
}

interface Referring extends Pick<ProfileTables, 'strings' | 'functions' | 'samples' | 'lines'> {
  readonly func: Uint32Array;
  readonly deopt: Uint32Array;
  /** Of the nodes. */
  readonly length: number;
}

/** What ought to be so of tables that refer to each other, and is not. */
function untrueOf({ strings, functions, samples, lines, func, deopt, length }: Referring): string | undefined {
  if ([functions.name, functions.url, functions.package].some((column) => isOutside(column, strings.length))) return 'strings of functions exist';
  if (isOutside(functions.category, Category.Unknown + 1)) return 'categories of functions exist';
  if (isOutside(func, functions.length)) return 'functions of nodes exist';
  if (isOutside(deopt, strings.length)) return 'deopt reasons of nodes exist';
  if (isOutside(samples.node, length)) return 'nodes of samples exist';
  if (isOutside(lines.node, length)) return 'nodes of lines exist';
  for (let i = 1; i < samples.length; i++) if (!((samples.start[i] as number) >= (samples.start[i - 1] as number))) return 'samples are in time order';
  return undefined;
}

/** The same of own costs; `sampled` are those that follow from the samples. */
function wrongCostOf(self: Float64Array, sampled: Float64Array | undefined): string | undefined {
  let sum = 0;
  for (let i = 0; i < self.length; i++) {
    if (!((self[i] as number) >= 0)) return `self of node ${i} is a duration`;
    sum += self[i] as number;
  }
  if (!Number.isFinite(sum)) return 'costs are finite';
  if (!sampled) return undefined;
  const slack = 1e-6 * Math.max(1, sum);
  for (let i = 0; i < self.length; i++)
    if (!(Math.abs((self[i] as number) - (sampled[i] as number)) <= slack)) return `self of node ${i} is the time of its samples`;
  return undefined;
}

function totalsOf(self: Float64Array, parent: Int32Array): Float64Array {
  const total = self.slice();
  for (let i = total.length - 1; i > 0; i--) {
    const up = parent[i] as number;
    total[up] = (total[up] as number) + (total[i] as number);
  }
  return total;
}

/** The tree whose nodes stand depth first; undefined for depths that no tree has. O(nodes). */
function treeOfDepths(depth: Uint32Array): { parent: Int32Array; subtreeEnd: Uint32Array } | undefined {
  const { length } = depth;
  if (length === 0 || depth[0] !== 0) return undefined;
  const parent = new Int32Array(length);
  const subtreeEnd = new Uint32Array(length);
  parent[0] = -1;
  let above = 0;
  for (let node = 1; node < length; node++) {
    const own = depth[node] as number;
    if (own < 1 || own > (depth[node - 1] as number) + 1) return undefined;
    // The node before is this one's parent, or lies below a sibling of it.
    above = node - 1;
    while ((depth[above] as number) >= own) {
      subtreeEnd[above] = node;
      above = parent[above] as number;
    }
    parent[node] = above;
  }
  for (above = length - 1; above >= 0; above = parent[above] as number) subtreeEnd[above] = length;
  return { parent, subtreeEnd };
}
