import type { HeapEdges, HeapLocations, HeapNodes } from '../graph/heap-graph';
import type { SnapshotHeader } from './snapshot-header';

/** Room for `count` rows: what the header tells, but no more than the rest of the file can hold, and it grows. */
const roomFor = (count: number, most: number): number => Math.max(16, Math.min(count, most));

type Rows = Uint8Array | Uint32Array | Float64Array;

function grown<A extends Rows>(old: A, length: number): A {
  const array = new (old.constructor as new (length: number) => A)(length);
  array.set(old);
  return array;
}

/** Ids and sizes fit 32 bits in new V8; the first that does not makes the column one of doubles. */
class WideColumn {
  values: Uint32Array | Float64Array;

  constructor(length: number) {
    this.values = new Uint32Array(length);
  }

  grow(length: number): void {
    this.values = grown<Uint32Array | Float64Array>(this.values, length);
  }

  fill(flat: Float64Array, field: number, width: number, records: number, row: number): void {
    let { values } = this;
    for (let i = 0, at = field; i < records; i++, at += width) {
      const value = flat[at] as number;
      if (value > 0xffff_ffff && values instanceof Uint32Array) {
        values = Float64Array.from(values);
        this.values = values;
      }
      values[row + i] = value;
    }
  }
}

/** The list of nodes as it is read, batch by batch. */
export class NodeTable {
  length = 0;
  /** Types that the header does not have. */
  badTypes = 0;
  #room: number;
  #type: Uint8Array;
  #name: Uint32Array;
  #edgeCount: Uint32Array;
  #detachedness: Uint8Array;
  #traceNode: Uint32Array | undefined;
  readonly #id: WideColumn;
  readonly #selfSize: WideColumn;
  readonly #fields: { type: number; name: number; id: number; selfSize: number; edgeCount: number; detachedness: number; traceNode: number };
  readonly #width: number;
  readonly #types: number;

  constructor({ nodeFields, nodeTypes, nodeCount }: SnapshotHeader, mostRows: number) {
    const of = (name: string): number => nodeFields.indexOf(name);
    this.#fields = {
      type: of('type'),
      name: of('name'),
      id: of('id'),
      selfSize: of('self_size'),
      edgeCount: of('edge_count'),
      detachedness: of('detachedness'),
      traceNode: of('trace_node_id'),
    };
    this.#width = nodeFields.length;
    this.#types = nodeTypes.length;
    const room = roomFor(nodeCount, mostRows);
    this.#room = room;
    this.#type = new Uint8Array(room);
    this.#name = new Uint32Array(room);
    this.#edgeCount = new Uint32Array(room);
    this.#detachedness = new Uint8Array(room);
    this.#traceNode = this.#fields.traceNode < 0 ? undefined : new Uint32Array(room);
    this.#id = new WideColumn(room);
    this.#selfSize = new WideColumn(room);
  }

  take(flat: Float64Array, records: number): void {
    const row = this.length;
    if (row + records > this.#room) this.#grow(row + records);
    const width = this.#width;
    const fields = this.#fields;
    const types = this.#types;
    const type = this.#type;
    for (let i = 0, at = fields.type; i < records; i++, at += width) {
      const value = flat[at] as number;
      if (value < types) type[row + i] = value;
      else this.badTypes++;
    }
    fill(this.#name, flat, fields.name, width, records, row);
    fill(this.#edgeCount, flat, fields.edgeCount, width, records, row);
    this.#id.fill(flat, fields.id, width, records, row);
    this.#selfSize.fill(flat, fields.selfSize, width, records, row);
    if (fields.detachedness >= 0) fill(this.#detachedness, flat, fields.detachedness, width, records, row);
    if (this.#traceNode) fill(this.#traceNode, flat, fields.traceNode, width, records, row);
    this.length = row + records;
  }

  /** Where each node's edges begin, of `edges` in all, and how many the nodes tell of. */
  firstEdges(edges: number): { first: Uint32Array; told: number } {
    const { length } = this;
    const first = new Uint32Array(length + 1);
    let told = 0;
    for (let n = 0; n < length; n++) {
      first[n] = Math.min(told, edges);
      told += this.#edgeCount[n] as number;
    }
    first[length] = Math.min(told, edges);
    return { first, told };
  }

  finish(): HeapNodes {
    const { length } = this;
    const detachedness = this.#detachedness.subarray(0, length);
    return {
      length,
      type: this.#type.subarray(0, length),
      name: this.#name.subarray(0, length),
      id: this.#id.values.subarray(0, length),
      selfSize: this.#selfSize.values.subarray(0, length),
      detachedness,
      hasDetachedness: this.#fields.detachedness >= 0,
      traceNode: this.#traceNode?.subarray(0, length),
    };
  }

  #grow(least: number): void {
    const room = Math.max(least, this.#room * 2);
    this.#room = room;
    this.#type = grown(this.#type, room);
    this.#name = grown(this.#name, room);
    this.#edgeCount = grown(this.#edgeCount, room);
    this.#detachedness = grown(this.#detachedness, room);
    if (this.#traceNode) this.#traceNode = grown(this.#traceNode, room);
    this.#id.grow(room);
    this.#selfSize.grow(room);
  }
}

/** The list of edges as it is read. `to` holds rows; NOWHERE for what is no row at all. */
export class EdgeTable {
  length = 0;
  /** The largest row that an edge leads to. */
  largestTo = 0;
  badTypes = 0;
  #room: number;
  #type: Uint8Array;
  #nameOrIndex: Uint32Array;
  #to: Uint32Array;
  readonly #fields: { type: number; nameOrIndex: number; to: number };
  readonly #width: number;
  readonly #types: number;
  readonly #nodeWidth: number;

  constructor({ edgeFields, edgeTypes, edgeCount, nodeFields }: SnapshotHeader, mostRows: number) {
    const of = (name: string): number => edgeFields.indexOf(name);
    this.#fields = { type: of('type'), nameOrIndex: of('name_or_index'), to: of('to_node') };
    this.#width = edgeFields.length;
    this.#types = edgeTypes.length;
    this.#nodeWidth = nodeFields.length;
    const room = roomFor(edgeCount, mostRows);
    this.#room = room;
    this.#type = new Uint8Array(room);
    this.#nameOrIndex = new Uint32Array(room);
    this.#to = new Uint32Array(room);
  }

  take(flat: Float64Array, records: number): void {
    const row = this.length;
    if (row + records > this.#room) this.#grow(row + records);
    const width = this.#width;
    const fields = this.#fields;
    const nodeWidth = this.#nodeWidth;
    const types = this.#types;
    const type = this.#type;
    const to = this.#to;
    let largest = this.largestTo;
    for (let i = 0, at = 0; i < records; i++, at += width) {
      const kind = flat[at + fields.type] as number;
      if (kind < types) type[row + i] = kind;
      else this.badTypes++;
      const place = (flat[at + fields.to] as number) / nodeWidth;
      const target = place < NOWHERE ? place >>> 0 : NOWHERE;
      if (target === place) {
        to[row + i] = target;
        if (target > largest) largest = target;
      } else {
        to[row + i] = NOWHERE;
        largest = NOWHERE;
      }
    }
    this.largestTo = largest;
    fill(this.#nameOrIndex, flat, fields.nameOrIndex, width, records, row);
    this.length = row + records;
  }

  finish(first: Uint32Array): HeapEdges {
    const length = first[first.length - 1] as number;
    return { length, first, type: this.#type.subarray(0, length), nameOrIndex: this.#nameOrIndex.subarray(0, length), to: this.#to.subarray(0, length) };
  }

  #grow(least: number): void {
    const room = Math.max(least, this.#room * 2);
    this.#room = room;
    this.#type = grown(this.#type, room);
    this.#nameOrIndex = grown(this.#nameOrIndex, room);
    this.#to = grown(this.#to, room);
  }
}

const NOWHERE = 0xffff_ffff;

/** The same edges without those that lead to no node; how many those were. */
export function dropOutside(edges: HeapEdges, nodes: number): { edges: HeapEdges; dropped: number } {
  const first = edges.first.slice();
  const type = edges.type.slice();
  const nameOrIndex = edges.nameOrIndex.slice();
  const to = edges.to.slice();
  let kept = 0;
  for (let n = 0, e = 0; n + 1 < first.length; n++) {
    first[n] = kept;
    for (const end = edges.first[n + 1] as number; e < end; e++) {
      if ((edges.to[e] as number) >= nodes) continue;
      type[kept] = edges.type[e] as number;
      nameOrIndex[kept] = edges.nameOrIndex[e] as number;
      to[kept++] = edges.to[e] as number;
    }
  }
  first[first.length - 1] = kept;
  const whole = { length: kept, first, type: type.subarray(0, kept), nameOrIndex: nameOrIndex.subarray(0, kept), to: to.subarray(0, kept) };
  return { edges: whole, dropped: edges.length - kept };
}

function fill(column: Uint8Array | Uint32Array, flat: Float64Array, field: number, width: number, records: number, row: number): void {
  for (let i = 0, at = field; i < records; i++, at += width) column[row + i] = flat[at] as number;
}

/** Locations sorted by node; the last one of a node holds, and one of no node is left out. */
export class LocationTable {
  #length = 0;
  /** Node (NOWHERE for none), script, line and column of each, one after the other. */
  #rows = new Uint32Array(1 << 10);
  readonly #fields: readonly number[];
  readonly #width: number;
  readonly #nodeWidth: number;

  constructor({ locationFields, nodeFields }: SnapshotHeader) {
    this.#fields = ['object_index', 'script_id', 'line', 'column'].map((name) => locationFields.indexOf(name));
    this.#width = locationFields.length;
    this.#nodeWidth = nodeFields.length;
  }

  take(flat: Float64Array, records: number): void {
    const row = this.#length;
    while ((row + records) * 4 > this.#rows.length) this.#rows = grown(this.#rows, this.#rows.length * 2);
    const rows = this.#rows;
    const [node = -1, script = -1, line = -1, column = -1] = this.#fields;
    const value = (at: number, field: number): number => (field < 0 ? 0 : (flat[at + field] as number));
    for (let i = 0, at = 0, to = row * 4; i < records; i++, at += this.#width, to += 4) {
      const place = value(at, node) / this.#nodeWidth;
      rows[to] = Number.isInteger(place) && place < NOWHERE ? place : NOWHERE;
      rows[to + 1] = value(at, script);
      rows[to + 2] = value(at, line);
      rows[to + 3] = value(at, column);
    }
    this.#length = row + records;
  }

  finish(nodes: number): HeapLocations {
    const rows = this.#rows;
    // One more than its place, by node.
    const placeOf = new Uint32Array(this.#length > 0 ? nodes : 0);
    let length = 0;
    for (let i = 0; i < this.#length; i++) {
      const node = rows[i * 4] as number;
      if (node >= nodes) continue;
      if (placeOf[node] === 0) length++;
      placeOf[node] = i + 1;
    }
    const sorted = { length, node: new Uint32Array(length), scriptId: new Uint32Array(length), line: new Uint32Array(length), column: new Uint32Array(length) };
    for (let n = 0, at = 0; n < placeOf.length; n++) {
      const place = ((placeOf[n] as number) - 1) * 4;
      if (place < 0) continue;
      sorted.node[at] = n;
      sorted.scriptId[at] = rows[place + 1] as number;
      sorted.line[at] = rows[place + 2] as number;
      sorted.column[at++] = rows[place + 3] as number;
    }
    return sorted;
  }
}
