/**
 * What grows without new objects: numbers that are put into an array, a Map or a Set for
 * ever, text and buffers that are made longer. The same holder is alive in all three
 * snapshots, and what V8 made for it alone is larger each time.
 *
 *   numbers    By the lengths that the program itself told, where it was asked. A snapshot
 *              has none: V8 moves a collection that is full to one of half as much more
 *              (arrays) or twice as much (Map, Set), so its size is a stair. Where only
 *              sizes are known, both rounds must have climbed one, and the whole be more
 *              than one, which a queue of steady length may climb by chance; that is
 *              growth and no more, for one that levels off may climb two.
 *   text       is another object each time, in the same variable or property; the longer
 *              one begins as the shorter.
 *   buffers    likewise; as nobody knows what is in them, both rounds must add as much.
 */

import { nodeName } from '../analysis/heap-names';
import { CELL, isContextName, typedName } from '../graph/comparable-names';
import { type GraphTypes, graphTypes, stringIs, stringTest } from '../graph/graph-types';
import type { HeapGraph } from '../graph/heap-graph';
import { boundedCollections } from '../graph/passing-edges';
import type { PathTree } from '../paths/path-tree';
import type { LeakVerdict } from './leak';
import { judgeGrowth } from './leak-judge';

export interface SizeGrowth {
  /** Of the third snapshot, as all rows here: what grows. */
  readonly node: number;
  /** What holds it by a name, where it is another object each time; else -1. */
  readonly slot: { readonly holder: number; readonly edge: number } | undefined;
  /** Bytes in each snapshot. */
  readonly sizes: readonly [number, number, number];
  /** Elements in each snapshot, where they are known. */
  readonly lengths: readonly [number, number, number] | undefined;
  readonly verdict: LeakVerdict;
  /** Both rounds added the same, and that for each exercise. */
  readonly isMultiple: boolean;
  /** What V8 made when it grew last: its allocation stack is that of who put something in. */
  readonly store: number;
}

export interface SizesWanted {
  readonly graphs: readonly [HeapGraph, HeapGraph, HeapGraph];
  readonly tree: PathTree;
  /** The largest id of the first snapshot. */
  readonly last: number;
  readonly times: number | undefined;
  /** Of collections that grew each time, by id; undefined where the program was not asked. */
  readonly lengths: ReadonlyMap<number, readonly [number, number, number]> | undefined;
  /** Ids of holders whose growth is told by the objects that they hold. */
  readonly told: ReadonlySet<number>;
}

/** A slot of an array or a table on a 64-bit machine; where V8 compresses pointers, half of it. */
const SLOT = 8;
/** A stair of V8's arrays adds half of the length, and this. */
const STAIR = 17;
/** Growth of the second round over that of the first: stairs become higher. */
const LEAST_RATIO = 0.5;
const EVEN = { least: 0.75, most: 1.5 };
/** Text that is shorter may be anything. */
const LEAST_TEXT = 64;
/** Candidates of each kind; more are no pattern, and a Map ends somewhere. */
const MOST = 1 << 20;

/** Holders and variables whose own size grew in both rounds, in no order. Linear in the snapshots. */
export function grownSizes(wanted: SizesWanted): SizeGrowth[] {
  return [...grownLengths(wanted), ...grownStores(wanted), ...grownSlots(wanted)];
}

function grownLengths({ graphs: [, , third], tree, last, times, lengths, told }: SizesWanted): SizeGrowth[] {
  const { nodes } = third;
  const grown: SizeGrowth[] = [];
  const sizeOf = storeSizes(third);
  const isBounded = boundedCollections(third);
  for (let node = 1; lengths && lengths.size > 0 && node < nodes.length; node++) {
    const id = nodes.id[node] as number;
    const counts = lengths.get(id);
    const judged = counts && judgeGrowth(counts, times);
    if (!counts || !judged || id > last || told.has(id) || tree.edge[node] === -1) continue;
    if (newReferences(third, node, last) * 2 >= counts[2] - counts[0] || isBounded(node, counts[2])) continue;
    grown.push({ node, slot: undefined, sizes: [0, 0, sizeOf(node)], lengths: counts, ...judged, store: newestStore(third, node) });
  }
  return grown;
}

/** How often a collection refers to what was made after the first snapshot: objects that are told as such, wherever else they are kept. */
function newReferences(graph: HeapGraph, node: number, last: number): number {
  const { nodes, edges } = graph;
  const isStore = storeEdge(graph);
  let count = 0;
  const from = [node];
  for (let e = edges.first[node] as number, end = edges.first[node + 1] as number; e < end; e++) if (isStore(e)) from.push(edges.to[e] as number);
  for (const one of from) {
    for (let e = edges.first[one] as number, end = edges.first[one + 1] as number; e < end; e++)
      if (!isStore(e) && (nodes.id[edges.to[e] as number] as number) > last) count++;
  }
  return count;
}

function grownStores({ graphs, tree, last, lengths, told }: SizesWanted): SizeGrowth[] {
  const [first, second, third] = graphs;
  const { nodes } = third;
  const least = STAIR * SLOT;
  const sizeOf = storeSizes(third);
  const hasLength = collections(third);
  const isBounded = boundedCollections(third);
  const rows = new Map<number, { node: number; sizes: [number, number, number] }>();
  for (let node = 1; node < nodes.length && rows.size < MOST; node++) {
    const id = nodes.id[node] as number;
    if (id % 2 === 0 || id > last || told.has(id) || tree.edge[node] === -1 || (lengths && hasLength(node))) continue;
    const size = sizeOf(node);
    // V8 holds up to half as much ready.
    if (size >= 2 * least && !isBounded(node, size / SLOT / 1.5)) rows.set(id, { node, sizes: [0, 0, size] });
  }
  for (const [at, graph] of [first, second].entries()) {
    const sizeBefore = storeSizes(graph);
    for (let node = 1; node < graph.nodes.length; node++) {
      const row = rows.get(graph.nodes.id[node] as number);
      if (row && typedName(graph, node) === typedName(third, row.node)) row.sizes[at] = sizeBefore(node);
    }
  }
  const grown: SizeGrowth[] = [];
  for (const { node, sizes } of rows.values()) {
    const [a, b, c] = sizes;
    if (a === 0 || b - a < least || c - b < (b - a) * LEAST_RATIO || c - b < least || c <= a * 1.5 + least) continue;
    grown.push({ node, slot: undefined, sizes, lengths: undefined, verdict: 'growth', isMultiple: false, store: newestStore(third, node) });
  }
  return grown;
}

/** Bytes of an object of the program and of what V8 made for its elements, properties or entries; 0 for any other node. */
function storeSizes(graph: HeapGraph): (node: number) => number {
  const { nodes, edges, strings } = graph;
  const types = graphTypes(graph);
  const isStore = storeEdge(graph);
  const isV8s = stringTest(strings, (name) => name.startsWith('system /'));
  return (node) => {
    if (nodes.type[node] !== types.object || isV8s(nodes.name[node] as number)) return 0;
    let size = nodes.selfSize[node] as number;
    for (let e = edges.first[node] as number, end = edges.first[node + 1] as number; e < end; e++)
      if (isStore(e)) size += nodes.selfSize[edges.to[e] as number] as number;
    return size;
  };
}

function storeEdge(graph: HeapGraph): (edge: number) => boolean {
  const { nodes, edges, strings } = graph;
  const types = graphTypes(graph);
  const isStore = stringTest(strings, (name) => name === 'elements' || name === 'table' || name === 'properties');
  return (edge) => {
    if (edges.type[edge] !== types.edge.internal) return false;
    const type = nodes.type[edges.to[edge] as number];
    return (type === types.array || type === types.hidden) && isStore(edges.nameOrIndex[edge] as number);
  };
}

/** Arrays, Maps and Sets, also those of classes that extend Map and Set: they have a table. */
function collections(graph: HeapGraph): (node: number) => boolean {
  const { nodes, edges, strings } = graph;
  const isArray = stringIs(strings, 'Array');
  const isTable = stringIs(strings, 'table');
  return (node) => {
    if (isArray(nodes.name[node] as number)) return true;
    for (let e = edges.first[node] as number, end = edges.first[node + 1] as number; e < end; e++) if (isTable(edges.nameOrIndex[e] as number)) return true;
    return false;
  };
}

function newestStore(graph: HeapGraph, node: number): number {
  const { nodes, edges } = graph;
  const isStore = storeEdge(graph);
  let newest = node;
  for (let e = edges.first[node] as number, end = edges.first[node + 1] as number; e < end; e++) {
    const to = edges.to[e] as number;
    if (isStore(e) && (newest === node || (nodes.id[to] as number) > (nodes.id[newest] as number))) newest = to;
  }
  return newest;
}

interface Slot {
  readonly holder: number;
  readonly edge: number;
  readonly sizes: [number, number, number];
  /** How the text begins; undefined for a buffer. */
  readonly text: string | undefined;
  /** Whether all three begin alike. */
  isSame: boolean;
}

/** Variables and properties of old holders with text or a buffer that was made after the first snapshot. */
function grownSlots({ graphs, tree, last, times }: SizesWanted): SizeGrowth[] {
  const [first, second, third] = graphs;
  const least = Math.max(LEAST_TEXT, times === undefined ? 0 : times * 0.9);
  const slots = new Map<number, Map<string, Slot>>();
  let count = 0;
  const sizeOf = contentSizes(third);
  eachSlot(third, undefined, (holder, edge, name) => {
    const id = third.nodes.id[holder] as number;
    const to = third.edges.to[edge] as number;
    if (id > last || (third.nodes.id[to] as number) <= last || tree.edge[holder] === -1 || count >= MOST) return;
    const size = sizeOf(to);
    if (size < 2 * least) return;
    const known = slots.get(id) ?? new Map<string, Slot>();
    slots.set(id, known.set(name, { holder, edge, sizes: [0, 0, size], text: textOf(third, to), isSame: true }));
    count++;
  });
  for (const [at, graph] of [first, second].entries()) {
    const sizeBefore = contentSizes(graph);
    eachSlot(graph, slots, (holder, edge, name) => {
      const slot = slots.get(graph.nodes.id[holder] as number)?.get(name);
      if (!slot) return;
      const to = graph.edges.to[edge] as number;
      const text = textOf(graph, to);
      slot.sizes[at] = sizeBefore(to);
      slot.isSame &&= slot.text === undefined ? text === undefined : text !== undefined && text !== '' && slot.text.startsWith(text);
    });
  }
  const grown: SizeGrowth[] = [];
  for (const { holder, edge, sizes, text, isSame } of [...slots.values()].flatMap((of) => [...of.values()])) {
    const [a, b, c] = sizes;
    const ratio = (c - b) / (b - a);
    const isEven = text === undefined ? c - b === b - a : ratio >= EVEN.least && ratio <= EVEN.most;
    if (a === 0 || b - a < least || !isSame || !isEven) continue;
    const node = third.edges.to[edge] as number;
    grown.push({ node, slot: { holder, edge }, sizes, lengths: undefined, verdict: 'leak', isMultiple: isMultiple(sizes, times), store: node });
  }
  return grown;
}

/** Every edge by which a program's object or the variables of a call hold text or a buffer by name; of those `holders`, where they are given. */
function eachSlot(graph: HeapGraph, holders: ReadonlyMap<number, unknown> | undefined, take: (holder: number, edge: number, name: string) => void): void {
  const { nodes, edges, strings } = graph;
  const types = graphTypes(graph);
  const { context, property } = types.edge;
  const isContext = stringTest(strings, isContextName);
  const isCell = stringIs(strings, CELL);
  const isBuffer = stringTest(strings, (name) =>
    /^(?:ArrayBuffer|SharedArrayBuffer|Buffer|DataView|(?:Big)?(?:Ui|I)nt\d+(?:Clamped)?Array|Float\d+Array)$/.test(name),
  );
  for (let node = 1; node < nodes.length; node++) {
    const isExport = isCell(nodes.name[node] as number);
    if (holders ? !holders.has(nodes.id[node] as number) : nodes.type[node] !== types.object && !isExport && !isContext(nodes.name[node] as number)) continue;
    for (let e = edges.first[node] as number, end = edges.first[node + 1] as number; e < end; e++) {
      if (edges.type[e] !== context && edges.type[e] !== property && !isExport) continue;
      const to = edges.to[e] as number;
      const type = nodes.type[to];
      const isContent = isText(types, type) || (type === types.object && isBuffer(nodes.name[to] as number));
      if (isContent) take(node, e, strings.at(edges.nameOrIndex[e] as number));
    }
  }
}

const isText = (types: GraphTypes, type: number | undefined): boolean => type === types.string || type === types.concatenated;

/** As much of a text as the snapshot keeps; undefined for a buffer. */
function textOf(graph: HeapGraph, node: number): string | undefined {
  return isText(graphTypes(graph), graph.nodes.type[node]) ? nodeName({ graph, detachedness: new Uint8Array(0) }, node) : undefined;
}

/** Bytes of a text in one piece, or of a buffer; text of many pieces is told by its pieces, which are new objects: 0. */
function contentSizes(graph: HeapGraph): (node: number) => number {
  const { nodes, edges, strings } = graph;
  const types = graphTypes(graph);
  const isData = stringIs(strings, 'backing_store');
  const isPart = stringTest(strings, (name) => name === 'first' || name === 'buffer' || name === 'backing_store');
  return (node) => {
    // Text in one piece may be the first part of an otherwise empty pair, a view has its buffer, that its data.
    let at = node;
    for (let steps = 0; steps < 3; steps++) {
      const type = nodes.type[at];
      if (type === types.string) return nodes.selfSize[at] as number;
      let next = -1;
      for (let e = edges.first[at] as number, end = edges.first[at + 1] as number; e < end && next < 0; e++) {
        const name = edges.nameOrIndex[e] as number;
        if (edges.type[e] !== types.edge.internal || !isPart(name)) continue;
        next = edges.to[e] as number;
        if (isData(name)) return nodes.selfSize[next] as number;
      }
      if (next < 0 || nodes.type[next] === types.concatenated) return 0;
      at = next;
    }
    return 0;
  };
}

function isMultiple([a, b, c]: readonly [number, number, number], times: number | undefined): boolean {
  return times !== undefined && b - a === c - b && (b - a) % times === 0;
}
