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
  const bad = (detail: string): Result<never, ProfileIssue> => err({ kind: 'bad-slab', detail });
  if (buffer.byteLength < BEGIN) return bad('too short');
  const view = new DataView(buffer);
  if (view.getUint32(0, true) !== MAGIC) return bad('not a slab');
  if (view.getUint32(4, true) !== VERSION) return bad(`layout version ${view.getUint32(4, true)}`);
  if (view.getUint32(24, true) !== buffer.byteLength) return bad('incomplete');
  const unit = units[view.getUint32(28, true)];
  if (!unit) return bad(`unit ${view.getUint32(28, true)}`);
  const startTime = view.getFloat64(8, true);
  const endTime = view.getFloat64(16, true);
  if (!Number.isFinite(startTime) || !Number.isFinite(endTime)) return bad('start and end are no times');
  const rowsOf = (of: Counted): number => view.getUint32(32 + counted.indexOf(of) * 4, true);

  const found = {} as Record<ColumnName, Numbers>;
  const derived = new Set<ColumnName>();
  for (const [at, [name, { of, as, isAnchor }]] of specs.entries()) {
    const offset = view.getUint32(HEADER + at * 8, true);
    const form = forms[view.getUint32(HEADER + at * 8 + 4, true)];
    const rows = rowsOf(of);
    if (form === undefined || (isAnchor && form === 'zeros' && rows > 0)) return bad(`form of the column ${name}`);
    if (form === 'derived') {
      if ((name !== 'self' && name !== 'hits') || rowsOf('samples') === 0) return bad(`the column ${name} is missing`);
      derived.add(name);
      continue;
    }
    if (offset % 8 !== 0 || offset < BEGIN || offset + planeBytes(form, rows) > buffer.byteLength) return bad(`the column ${name} lies outside`);
    const numbers = readNumbers(buffer, offset, form, rows, as, firstOf(name, startTime));
    if (!numbers) return bad(`the column ${name} does not fit its form`);
    found[name] = numbers;
  }
  const u32 = (name: ColumnName): Uint32Array => found[name] as Uint32Array;
  const f64 = (name: ColumnName): Float64Array => found[name] as Float64Array;
  const functions = {
    length: rowsOf('functions'),
    ...{ name: u32('name'), url: u32('url'), line: found.line as Int32Array, column: found.column as Int32Array },
    ...{ category: found.category as Uint8Array, package: u32('package') },
  };
  const samples = { length: rowsOf('samples'), node: u32('sampleNode'), start: f64('sampleStart') };
  const lines = { length: rowsOf('lines'), node: u32('lineNode'), line: u32('lineLine'), ticks: u32('lineTicks') };
  const length = rowsOf('nodes');

  const isOutside = (column: Numbers, end: number): boolean => {
    for (let i = 0; i < column.length; i++) if (!((column[i] as number) < end)) return true;
    return false;
  };
  if (rowsOf('offsets') === 0 || isOutside(u32('stringOffsets'), rowsOf('bytes') + 1)) return bad('not true: strings lie within their bytes');
  const strings = new StringTable(found.stringBytes as Uint8Array, u32('stringOffsets'));
  if ([functions.name, functions.url, functions.package].some((column) => isOutside(column, strings.length)))
    return bad('not true: strings of functions exist');
  if (isOutside(functions.category, Category.Unknown + 1)) return bad('not true: categories of functions exist');
  if (isOutside(u32('func'), functions.length)) return bad('not true: functions of nodes exist');
  if (isOutside(u32('deopt'), strings.length)) return bad('not true: deopt reasons of nodes exist');
  if (isOutside(samples.node, length)) return bad('not true: nodes of samples exist');
  if (isOutside(lines.node, length)) return bad('not true: nodes of lines exist');
  for (let i = 1; i < samples.length; i++)
    if (!((samples.start[i] as number) >= (samples.start[i - 1] as number))) return bad('not true: samples are in time order');
  const tree = treeOfDepths(u32('depth'));
  if (!tree) return bad('not true: depths are those of a tree');

  const sampled = samples.length > 0 ? sampleCosts(samples.node, samples.start, endTime, length) : undefined;
  const self = (derived.has('self') && sampled?.self) || f64('self');
  const hits = (derived.has('hits') && sampled?.hits) || u32('hits');
  let sum = 0;
  for (let i = 0; i < length; i++) {
    if (!((self[i] as number) >= 0)) return bad(`not true: self of node ${i} is a duration`);
    sum += self[i] as number;
  }
  if (!Number.isFinite(sum)) return bad('not true: costs are finite');
  if (sampled && !derived.has('self')) {
    const slack = 1e-6 * Math.max(1, sum);
    for (let i = 0; i < length; i++)
      if (!(Math.abs((self[i] as number) - (sampled.self[i] as number)) <= slack)) return bad(`not true: self of node ${i} is the time of its samples`);
  }
  const total = self.slice();
  for (let i = length - 1; i > 0; i--) {
    const up = tree.parent[i] as number;
    total[up] = (total[up] as number) + (total[i] as number);
  }
  return ok({
    strings,
    functions,
    nodes: { length, ...tree, func: u32('func'), depth: u32('depth'), self, total, hits, deopt: u32('deopt'), inlined: u32('inlined') },
    samples,
    lines,
    startTime: microseconds(startTime),
    endTime: microseconds(endTime),
    unit,
  });
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
