import { microseconds, units } from '../../shared/brands';
import type { ProfileIssue } from '../../shared/issue';
import { err, ok, type Result } from '../../shared/result';
import { checkTables } from './check-tables';
import { StringTable } from './string-table';
import type { ProfileTables } from './tables';

/**
 * The slab: a profile's tables as one block of bytes, for a worker, a file or a
 * webview to take over without parsing. Little-endian, every column 8-aligned.
 *
 *   0   u32 magic 'PLT1'     4   u32 layout version
 *   8   f64 startTime        16  f64 endTime
 *   24  u32 number of columns, u32 total bytes
 *   32  u32 unit (row of `units`), u32 0
 *   40  (u32 offset, u32 count) a column, in the order of `layout`
 *   …   the columns
 *
 * Reading takes views, it copies nothing. A slab that is short, of another
 * version, or breaks an invariant of the tables is refused.
 */
const MAGIC = 0x31544c50;
const VERSION = 2;
const HEADER = 40;

const layout = [
  'u8',
  'u32',
  'u32',
  'u32',
  'i32',
  'i32',
  'u8',
  'u32',
  'i32',
  'u32',
  'u32',
  'u32',
  'f64',
  'f64',
  'u32',
  'u32',
  'u32',
  'f64',
  'u32',
  'u32',
  'u32',
] as const;
const widths = { u8: 1, u32: 4, i32: 4, f64: 8 } as const;

function columnsOf(t: ProfileTables): (Uint8Array | Uint32Array | Int32Array | Float64Array)[] {
  const { strings: s, functions: f, nodes: n } = t;
  return [
    ...[s.bytes, s.offsets],
    ...[f.name, f.url, f.line, f.column, f.category, f.package],
    ...[n.parent, n.func, n.depth, n.subtreeEnd, n.self, n.total, n.hits, n.deopt],
    ...[t.samples.node, t.samples.start],
    ...[t.lines.node, t.lines.line, t.lines.ticks],
  ];
}

export function encodeSlab(tables: ProfileTables): ArrayBuffer {
  const columns = columnsOf(tables);
  const align = (n: number): number => Math.ceil(n / 8) * 8;
  let size = align(HEADER + columns.length * 8);
  const offsets = columns.map((column) => {
    const at = size;
    size = align(size + column.byteLength);
    return at;
  });
  const buffer = new ArrayBuffer(size);
  const view = new DataView(buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  view.setFloat64(8, tables.startTime, true);
  view.setFloat64(16, tables.endTime, true);
  view.setUint32(24, columns.length, true);
  view.setUint32(28, size, true);
  view.setUint32(32, units.indexOf(tables.unit), true);
  columns.forEach((column, i) => {
    view.setUint32(HEADER + i * 8, offsets[i] as number, true);
    view.setUint32(HEADER + i * 8 + 4, column.length, true);
    new Uint8Array(buffer, offsets[i] as number, column.byteLength).set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  });
  return buffer;
}

export function decodeSlab(buffer: ArrayBuffer): Result<ProfileTables, ProfileIssue> {
  const bad = (detail: string): Result<never, ProfileIssue> => err({ kind: 'bad-slab', detail });
  if (buffer.byteLength < HEADER + layout.length * 8) return bad('too short');
  const view = new DataView(buffer);
  if (view.getUint32(0, true) !== MAGIC) return bad('not a slab');
  if (view.getUint32(4, true) !== VERSION) return bad(`layout version ${view.getUint32(4, true)}`);
  if (view.getUint32(24, true) !== layout.length || view.getUint32(28, true) !== buffer.byteLength) return bad('incomplete');
  const unit = units[view.getUint32(32, true)];
  if (!unit) return bad(`unit ${view.getUint32(32, true)}`);
  const columns: (Uint8Array | Uint32Array | Int32Array | Float64Array)[] = [];
  for (const [i, type] of layout.entries()) {
    const offset = view.getUint32(HEADER + i * 8, true);
    const count = view.getUint32(HEADER + i * 8 + 4, true);
    if (offset % 8 !== 0 || offset + count * widths[type] > buffer.byteLength) return bad(`column ${i} lies outside`);
    if (type === 'u8') columns.push(new Uint8Array(buffer, offset, count));
    else if (type === 'u32') columns.push(new Uint32Array(buffer, offset, count));
    else if (type === 'i32') columns.push(new Int32Array(buffer, offset, count));
    else columns.push(new Float64Array(buffer, offset, count));
  }
  const u8 = (i: number) => columns[i] as Uint8Array;
  const u32 = (i: number) => columns[i] as Uint32Array;
  const i32 = (i: number) => columns[i] as Int32Array;
  const f64 = (i: number) => columns[i] as Float64Array;
  const tables: ProfileTables = {
    strings: new StringTable(u8(0), u32(1)),
    functions: { length: u32(2).length, name: u32(2), url: u32(3), line: i32(4), column: i32(5), category: u8(6), package: u32(7) },
    nodes: {
      length: i32(8).length,
      parent: i32(8),
      func: u32(9),
      depth: u32(10),
      subtreeEnd: u32(11),
      self: f64(12),
      total: f64(13),
      hits: u32(14),
      deopt: u32(15),
    },
    samples: { length: u32(16).length, node: u32(16), start: f64(17) },
    lines: { length: u32(18).length, node: u32(18), line: u32(19), ticks: u32(20) },
    startTime: microseconds(view.getFloat64(8, true)),
    endTime: microseconds(view.getFloat64(16, true)),
    unit,
  };
  if (!sameLengths(tables)) return bad('columns of one table differ in length');
  const broken = checkTables(tables);
  return broken.length > 0 ? bad(`not true: ${broken[0]}`) : ok(tables);
}

function sameLengths({ functions, nodes, samples, lines }: ProfileTables): boolean {
  return [functions, nodes, samples, lines].every((table) =>
    Object.values(table).every((column) => typeof column === 'number' || column.length === table.length),
  );
}
