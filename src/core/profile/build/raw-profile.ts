import type { Unit } from '../../../shared/brands';
import { type Category, categorize, type Origin, packageOf } from '../categories';
import { type Column, floatColumn, intColumn, uintColumn } from '../growable';
import { limits, TooMany } from '../limits';
import { StringInterner } from '../string-table';

export type { Origin } from '../categories';

/**
 * A profile as a file tells it, before anything is checked: nodes in the order of
 * the file, edges by id, samples by id. Readers of every format fill one of these,
 * `buildTables` makes the tables from it. Columns of one table are filled in step.
 */
export class RawProfile {
  readonly strings = new StringInterner();
  readonly functions = new FunctionInterner(this.strings);

  /** Nodes. `firstChild` is where the node's ids begin in `childIds`; `parentId` is NaN where the file has children instead, and may be shorter. */
  readonly ids: Column<Float64Array>;
  readonly func: Column<Uint32Array>;
  readonly hitCount: Column<Float64Array>;
  readonly deopt: Column<Uint32Array>;
  /** Own cost in `unit`, where a file tells it instead of samples; then one for each node. */
  readonly weight = floatColumn();
  readonly parentId: Column<Float64Array>;
  readonly firstChild: Column<Uint32Array>;
  readonly childIds: Column<Float64Array>;

  /** Position ticks: row of the node, 1-based line, ticks. */
  readonly tickNode = uintColumn();
  readonly tickLine = uintColumn();
  readonly tickCount = uintColumn();

  readonly sampleIds = floatColumn();
  /** Microseconds since the sample before, the first one since `startTime`. */
  readonly timeDeltas = floatColumn();
  /** Microseconds, absolute; used where a file has no deltas. */
  readonly timestamps = floatColumn();

  /** Microseconds; NaN where the file has none. */
  startTime = Number.NaN;
  endTime = Number.NaN;
  unit: Unit = 'microseconds';
  origin: Origin = 'v8';

  /** `nodes` is how many there may be: memory that is asked for at once need not be copied as it grows, and costs nothing until it is used. */
  constructor(nodes?: number) {
    this.ids = floatColumn(nodes, limits.nodes, () => {
      throw new TooMany('nodes');
    });
    this.func = uintColumn(nodes);
    this.hitCount = floatColumn(nodes);
    this.deopt = uintColumn(nodes);
    this.parentId = floatColumn();
    this.firstChild = uintColumn(nodes);
    this.childIds = floatColumn(nodes);
  }
}

/** Distinct functions by (name, url, line, column). Hash chains in typed arrays. */
export class FunctionInterner {
  readonly #strings: StringInterner;
  readonly name = uintColumn();
  readonly url = uintColumn();
  readonly line = intColumn();
  readonly column = intColumn();
  /** Categories that a file tells itself, by row; the others are derived. */
  readonly known = new Map<number, Category>();
  #slots = new Int32Array(1 << 7).fill(-1);

  readonly #most: number;

  constructor(strings: StringInterner, most = limits.functions) {
    this.#most = most;
    this.#strings = strings;
  }

  /** Row of the function; strings as indices, positions 0-based, -1 for none. */
  intern(name: number, url: number, line: number, column: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash(name, url, line, column) & mask;
    for (;;) {
      const row = this.#slots[slot] as number;
      if (row < 0) break;
      if (this.name.at(row) === name && this.url.at(row) === url && this.line.at(row) === line && this.column.at(row) === column) {
        return row;
      }
      slot = (slot + 1) & mask;
    }
    const row = this.name.length;
    if (row >= this.#most) throw new TooMany('functions', this.#most);
    this.name.push(name);
    this.url.push(url);
    this.line.push(line);
    this.column.push(column);
    this.#slots[slot] = row;
    if (this.name.length * 2 > this.#slots.length) this.#rehash();
    return row;
  }

  internText(name: string, url: string, line: number, column: number): number {
    return this.intern(this.#strings.intern(name), this.#strings.intern(url), line, column);
  }

  /** Categories and packages, derived from the names. Call before `strings.finish()`; it may add package names. */
  classify(textAt: (index: number) => string, origin: Origin = 'v8'): { category: Uint8Array; package: Uint32Array } {
    const length = this.name.length;
    const category = new Uint8Array(length);
    const packages = new Uint32Array(length);
    // By url: a file has many functions.
    const known = new Map<number, { readonly category: Category; readonly package: number }>();
    for (let row = 0; row < length; row++) {
      const urlIndex = this.url.at(row);
      let script = known.get(urlIndex);
      if (script === undefined) {
        const url = textAt(urlIndex);
        script = { category: categorize('', url, origin), package: this.#strings.intern(packageOf(url) ?? '') };
        known.set(urlIndex, script);
      }
      const needsName = urlIndex === 0 || origin === 'other';
      category[row] = this.known.get(row) ?? (needsName ? categorize(textAt(this.name.at(row)), textAt(urlIndex), origin) : script.category);
      packages[row] = script.package;
    }
    return { category, package: packages };
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 4).fill(-1);
    const mask = slots.length - 1;
    for (let row = 0; row < this.name.length; row++) {
      let slot = hash(this.name.at(row), this.url.at(row), this.line.at(row), this.column.at(row)) & mask;
      while ((slots[slot] as number) >= 0) slot = (slot + 1) & mask;
      slots[slot] = row;
    }
    this.#slots = slots;
  }
}

function hash(a: number, b: number, c: number, d: number): number {
  let h = Math.imul(a + 0x9e3779b9, 0x85ebca6b);
  h = Math.imul((h ^ (h >>> 13)) + b, 0xc2b2ae35);
  h = Math.imul((h ^ (h >>> 16)) + c, 0x27d4eb2f);
  h = Math.imul((h ^ (h >>> 15)) + d, 0x165667b1);
  return (h ^ (h >>> 14)) >>> 0;
}
