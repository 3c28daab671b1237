import type { HeapIssue, HeapWarning } from '../../../shared/issue';
import { err, ok, type Result } from '../../../shared/result';
import { withFastScan } from '../../json/fast-scan';
import { BRACE, BRACKET, DONE, keySet } from '../../json/json-parts';
import { JsonScanner } from '../../json/json-scanner';
import { type ByteSource, ScanStop } from '../../json/json-window';
import { floatColumn } from '../../profile/growable';
import type { ParsedHeap } from '../graph/heap-graph';
import { foreignSnapshot } from './foreign-snapshot';
import { BadValues, readRecords } from './number-records';
import { readHeader, type SnapshotHeader } from './snapshot-header';
import { dropOutside, EdgeTable, LocationTable, NodeTable } from './snapshot-tables';
import { StringSection } from './string-section';
import { TraceTable } from './trace-tree';

/**
 * `.heapsnapshot`: what V8's heap profiler writes (v8-profiler.h, `HeapSnapshot::Serialize`).
 *
 *   { snapshot: { meta: { node_fields: [type, name, id, self_size, edge_count, …], node_types: [[…], …],
 *                         edge_fields: [type, name_or_index, to_node], edge_types, location_fields, … },
 *                 node_count, edge_count, extra_native_bytes, … },
 *     nodes: [a number for each field of each node], edges: […], trace_function_infos: […],
 *     trace_tree: […], samples: […], locations: […], strings: […] }
 *
 * A node's edges follow those of the node before; `to_node` and `object_index` are places in
 * the list of nodes. Which fields there are, and in which order, `meta` says. Sections may
 * come in any order. One pass over the bytes; memory is that of the graph. What cannot be
 * read after the first node is a warning; the rest is kept.
 */
export function parseHeapSnapshot(input: Uint8Array | ByteSource, options: ParseOptions = {}): Result<ParsedHeap, HeapIssue> {
  return withFastScan((fast) => readWith(new JsonScanner(input, options.window, fast), input, options));
}

function readWith(scan: JsonScanner, input: Uint8Array | ByteSource, options: ParseOptions): Result<ParsedHeap, HeapIssue> {
  if (scan.head.length === 0) return err({ kind: 'empty-file' });
  const reader = new SnapshotReader(scan, options, input instanceof Uint8Array ? input.length : (options.fileBytes ?? 0));
  const stop = reader.read();
  if (!reader.header) {
    const found = foreignSnapshot(scan.head);
    const isCut = found === 'unknown-json' && stop?.kind === 'truncated';
    if (found && !isCut) return err({ kind: 'not-a-heap-snapshot', found });
    return err(stop ? { kind: 'not-json', offset: stop.offset, expected: stop.expected } : { kind: 'missing-section', name: 'snapshot' });
  }
  return reader.finish(stop);
}

export interface ParseOptions {
  /** Bytes of the window over a `ByteSource`. */
  readonly window?: number | undefined;
  /** Bytes that a `ByteSource` will give, if that is known: then nothing has to grow. */
  readonly fileBytes?: number | undefined;
  /**
   * Asked where the list of edges ends, with the place behind it: numbers with which it goes
   * on, that somebody else has read. The source has left them out.
   */
  readonly moreEdges?: ((offset: number) => Uint32Array | undefined) | undefined;
  /** Called once what the file holds is known; what it gives ends the reading. */
  readonly onHeader?: ((header: SnapshotHeader) => HeapIssue | undefined) | undefined;
}

const keys = keySet('snapshot', 'nodes', 'edges', 'trace_function_infos', 'trace_tree', 'samples', 'locations', 'strings');
const names = ['snapshot', 'nodes', 'edges', 'trace_function_infos', 'trace_tree', 'samples', 'locations', 'strings'] as const;

class SnapshotReader {
  header: SnapshotHeader | undefined;
  readonly #scan: JsonScanner;
  readonly #options: ParseOptions;
  /** 0 where it is not known. */
  readonly #fileBytes: number;
  readonly #bad = new BadValues();
  readonly #seen = new Set<string>();
  /** Lists that stand before the header, and so cannot be understood yet. */
  readonly #early: { key: number; numbers: Float64Array }[] = [];
  #refused: HeapIssue | undefined;
  #nodes: NodeTable | undefined;
  #edges: EdgeTable | undefined;
  #locations: LocationTable | undefined;
  #strings: StringSection | undefined;
  readonly #traces = new TraceTable();

  constructor(scan: JsonScanner, options: ParseOptions, fileBytes: number) {
    this.#scan = scan;
    this.#options = options;
    this.#fileBytes = fileBytes;
  }

  /** Reads what there is; gives the place where it had to stop, if before the end. */
  read(): ScanStop | undefined {
    const scan = this.#scan;
    try {
      if (scan.peek('{') !== BRACE) scan.fail('{');
      let key = scan.firstKey(keys);
      while (key !== DONE && !this.#refused) {
        this.#section(key);
        if (this.#refused) return undefined;
        key = scan.nextKey(keys, key + 1);
      }
      if (!scan.atEnd()) scan.fail('the end of the file');
      return undefined;
    } catch (error) {
      if (error instanceof ScanStop) return error;
      throw error;
    }
  }

  finish(stop: ScanStop | undefined): Result<ParsedHeap, HeapIssue> {
    if (this.#refused) return err(this.#refused);
    const nodes = this.#nodes?.finish();
    if (!this.#nodes || !nodes) return err(stop ? { kind: 'no-nodes' } : { kind: 'missing-section', name: 'nodes' });
    if (nodes.length === 0) return err({ kind: 'no-nodes' });
    const header = this.header as SnapshotHeader;
    const found = this.#edges?.length ?? 0;
    const { first, told } = this.#nodes.firstEdges(found);
    let edges = (this.#edges ?? new EdgeTable(header, 0)).finish(first);
    const warnings: HeapWarning[] = [];
    if (stop)
      warnings.push(
        stop.kind === 'truncated' ? { kind: 'truncated', offset: stop.offset } : { kind: 'malformed', offset: stop.offset, expected: stop.expected },
      );
    else for (const name of ['edges', 'strings'] as const) if (!this.#seen.has(name)) warnings.push({ kind: 'missing-section', name });
    const whole = !stop;
    if (whole && header.nodeCount !== nodes.length) warnings.push({ kind: 'count-mismatch', of: 'nodes', told: header.nodeCount, found: nodes.length });
    if (whole && this.#edges && header.edgeCount !== found) warnings.push({ kind: 'count-mismatch', of: 'edges', told: header.edgeCount, found });
    if (whole && told !== found) warnings.push({ kind: 'edge-counts', told, found });
    const badTypes = this.#nodes.badTypes + (this.#edges?.badTypes ?? 0);
    if (badTypes > 0) this.#bad.add(0, badTypes);
    if (this.#bad.count > 0) warnings.push({ kind: 'bad-values', count: this.#bad.count, offset: this.#bad.offset });
    if (this.#edges && this.#edges.largestTo >= nodes.length) {
      const kept = dropOutside(edges, nodes.length);
      edges = kept.edges;
      // Of a list of nodes that was cut, most edges lead outside: that is told already.
      if (kept.dropped > 0 && (whole || this.#seen.has('edges'))) warnings.push({ kind: 'edges-outside', count: kept.dropped });
    }
    const strings = (this.#strings ?? new StringSection(0)).finish();
    const graph = {
      nodeTypes: header.nodeTypes,
      edgeTypes: header.edgeTypes,
      nodes,
      edges,
      strings,
      locations: (this.#locations ?? new LocationTable(header)).finish(nodes.length),
      extraNativeBytes: header.extraNativeBytes,
      traces: this.#traces.finish(strings),
      fileBytes: this.#scan.offset,
    };
    return ok({ graph, warnings });
  }

  #section(key: number): void {
    const scan = this.#scan;
    const name = names[key];
    if (name === undefined || name === 'samples' || this.#seen.has(name)) return scan.skip();
    if (name === 'snapshot') {
      // `{"snapshot": [...]}` and the like are something else.
      if (scan.peek('{') !== BRACE) return scan.skip();
      this.#seen.add(name);
      return this.#header();
    }
    if (scan.peek('[') !== BRACKET) {
      this.#bad.add(scan.offset);
      return scan.skip();
    }
    this.#seen.add(name);
    if (name === 'strings') {
      this.#strings = new StringSection(this.#bytesLeft());
      return this.#strings.read(scan, this.#bad);
    }
    if (name === 'trace_tree') return this.#traces.tree(scan, this.#bad);
    if (!this.header) return this.#keep(key);
    this.#records(key);
  }

  #header(): void {
    const header = readHeader(this.#scan);
    const missing =
      ['type', 'name', 'id', 'self_size', 'edge_count'].find((field) => !header.nodeFields.includes(field)) ??
      ['type', 'name_or_index', 'to_node'].find((field) => !header.edgeFields.includes(field));
    this.header = header;
    if (missing !== undefined) this.#refused = { kind: 'missing-section', name: `snapshot.meta: ${missing}` };
    else if (header.rootIndex !== 0) this.#refused = { kind: 'not-at-front', rootIndex: header.rootIndex };
    else this.#refused = this.#options.onHeader?.(header);
    for (const { key, numbers } of this.#early.splice(0)) {
      if (this.#refused) return;
      const { width, take } = this.#table(key);
      const records = Math.floor(numbers.length / width);
      take(numbers, records);
      if (numbers.length > records * width) this.#bad.add(0, numbers.length - records * width);
    }
  }

  #records(key: number): void {
    if (names[key] === 'trace_function_infos') return this.#traces.functions(this.#scan, this.header?.traceFunctionFields ?? [], this.#bad);
    const { width, take } = this.#table(key);
    if (width === 0) return this.#scan.skip();
    const isEdges = names[key] === 'edges';
    readRecords(this.#scan, width, this.#bad, take, isEdges ? () => this.#options.moreEdges?.(this.#scan.offset) : undefined);
  }

  /** Where the numbers of a section go. */
  #table(key: number): { width: number; take: (flat: Float64Array, records: number) => void } {
    const header = this.header as SnapshotHeader;
    // A number has two bytes at least, with its comma.
    const mostNumbers = this.#fileBytes > 0 ? this.#fileBytes / 2 : 1 << 16;
    if (names[key] === 'nodes') {
      const table = new NodeTable(header, Math.ceil(mostNumbers / header.nodeFields.length));
      this.#nodes = table;
      return { width: header.nodeFields.length, take: (flat, records) => table.take(flat, records) };
    }
    if (names[key] === 'edges') {
      const table = new EdgeTable(header, Math.ceil(mostNumbers / header.edgeFields.length));
      this.#edges = table;
      return { width: header.edgeFields.length, take: (flat, records) => table.take(flat, records) };
    }
    const table = new LocationTable(header);
    this.#locations = table;
    return { width: header.locationFields.length, take: (flat, records) => table.take(flat, records) };
  }

  #keep(key: number): void {
    const numbers = floatColumn();
    this.#early.push({ key, numbers: new Float64Array(0) });
    readRecords(this.#scan, 1, this.#bad, (flat, records) => {
      for (let i = 0; i < records; i++) numbers.push(flat[i] as number);
    });
    this.#early[this.#early.length - 1] = { key, numbers: numbers.take() };
  }

  #bytesLeft(): number {
    return Math.min(Math.max(0, this.#fileBytes - this.#scan.offset), MOST_ROOM);
  }
}

/** A list of strings that comes first could claim the whole file. */
const MOST_ROOM = 1 << 28;
