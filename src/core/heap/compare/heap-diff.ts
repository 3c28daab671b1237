import type { HeapAnalysis } from '../analysis/analyze-heap';
import { type ClassName, classify } from '../analysis/classify';
import { graphTypes } from '../graph/graph-types';
import type { HeapGraph } from '../graph/heap-graph';
import type { ObjectShape } from '../graph/object-shapes';
import { sortById } from '../graph/sort-by-id';
import { type GrownObjects, grownObjects } from './heap-grown';

/** A row of the comparison: a class that has new objects, or has lost some. Sizes are shallow, in bytes. */
export interface HeapDiffRow extends ClassName {
  readonly added: number;
  readonly removed: number;
  /** `added - removed`. */
  readonly delta: number;
  readonly addedSize: number;
  readonly removedSize: number;
  /** `addedSize - removedSize`. What survived counts nothing, even where it grew. */
  readonly sizeDelta: number;
  /** Rows of the current heap, by rising id. */
  readonly addedNodes: Uint32Array;
  /** Rows of the base, by rising id. */
  readonly removedNodes: Uint32Array;
}

export interface HeapDiff {
  /** By falling growth in bytes. */
  readonly rows: readonly HeapDiffRow[];
  readonly grown: GrownObjects;
  /**
   * False where the snapshots are of different processes: then ids mean nothing, every
   * object of the base counts as removed and every one of the current heap as added.
   */
  readonly isSameProcess: boolean;
}

/**
 * What one snapshot gives to a comparison, without its graph: so that both can be read at
 * once, each in a thread of its own.
 */
export interface DiffSide {
  /** Rows of the objects that have a shallow size, by rising id; the lists below go with it. */
  readonly nodes: Uint32Array;
  readonly ids: Float64Array;
  /** Shallow, in bytes. */
  readonly sizes: Float64Array;
  /** Row of `names`. */
  readonly classOf: Uint32Array;
  readonly names: readonly ClassName[];
  /** What an object is, as a hash of its type and name; 0 for what says nothing about its process. */
  readonly prints: Uint32Array;
}

/** One side, classified by the given shapes: those of the current heap, on both sides. */
export function diffSide(analysis: HeapAnalysis, shapes: readonly ObjectShape[]): DiffSide {
  const { graph, shallowSize } = analysis;
  const isOwn = shapes === analysis.shapes;
  const classes = isOwn ? { classOf: analysis.classOf, names: analysis.classNames } : classify(graph, analysis.detachedness, analysis.plainObjects, shapes);
  const nodes = sortById(graph.nodes.id, sizedNodes(analysis));
  const printOf = fingerprints(graph);
  return {
    nodes,
    ids: Float64Array.from(nodes, (node) => graph.nodes.id[node] as number),
    sizes: Float64Array.from(nodes, (node) => shallowSize[node] as number),
    classOf: Uint32Array.from(nodes, (node) => classes.classOf[node] as number),
    names: classes.names,
    prints: Uint32Array.from(nodes, printOf),
  };
}

/** What came and what went from `base` to `current`, as DevTools' comparison has it. */
export function diffHeaps(base: HeapAnalysis, current: HeapAnalysis): HeapDiff {
  return diffSides(diffSide(base, current.shapes), diffSide(current, current.shapes));
}

/**
 * Objects are the same where their class and id are. Both sides are classified by the
 * shapes of the current heap: a shape that has become rarer or more frequent is no change.
 */
export function diffSides(base: DiffSide, current: DiffSide): HeapDiff {
  const isSameProcess = areOfOneProcess(base, current);
  const rowOfKey = new Map(current.names.map(({ key }, row) => [key, row]));
  const names: ClassName[] = [...current.names];
  const rowOfBase = Uint32Array.from(base.names, (name) => rowOfKey.get(name.key) ?? names.push(name) - 1);
  const oldClass = base.classOf.map((row) => rowOfBase[row] as number);
  const pairs = isSameProcess ? pairById(base.ids, oldClass, current.ids, current.classOf) : undefined;
  const removed = tally(names.length, base, oldClass, pairs?.old);
  const added = tally(names.length, current, current.classOf, pairs?.now);
  const rows: HeapDiffRow[] = [];
  names.forEach((name, row) => {
    const addedNodes = added.nodes(row);
    const removedNodes = removed.nodes(row);
    if (addedNodes.length + removedNodes.length === 0) return;
    const addedSize = added.sizes[row] as number;
    const removedSize = removed.sizes[row] as number;
    rows.push({
      ...name,
      added: addedNodes.length,
      removed: removedNodes.length,
      delta: addedNodes.length - removedNodes.length,
      addedSize,
      removedSize,
      sizeDelta: addedSize - removedSize,
      addedNodes,
      removedNodes,
    });
  });
  rows.sort((a, b) => b.sizeDelta - a.sizeDelta || b.addedSize - a.addedSize || (a.key < b.key ? -1 : 1));
  return { rows, grown: grownObjects(base, current, pairs), isSameProcess };
}

/** Objects without a shallow size are parts of others. */
function sizedNodes({ shallowSize }: HeapAnalysis): Uint32Array {
  let count = 0;
  for (let n = 0; n < shallowSize.length; n++) if (shallowSize[n] !== 0) count++;
  const rows = new Uint32Array(count);
  for (let n = 0, at = 0; n < shallowSize.length; n++) if (shallowSize[n] !== 0) rows[at++] = n;
  return rows;
}

/** Which objects of two lists by rising id make a pair, a byte each: those of the same id and class. */
function pairById(oldIds: Float64Array, oldClass: Uint32Array, nowIds: Float64Array, nowClass: Uint32Array): { old: Uint8Array; now: Uint8Array } {
  const old = new Uint8Array(oldIds.length);
  const now = new Uint8Array(nowIds.length);
  let i = 0;
  let j = 0;
  while (i < old.length && j < now.length) {
    const id = oldIds[i] as number;
    const other = nowIds[j] as number;
    if (id < other) i++;
    else if (other < id) j++;
    else if (oldIds[i + 1] !== id && nowIds[j + 1] !== id) {
      if (oldClass[i] === nowClass[j]) {
        old[i] = 1;
        now[j] = 1;
      }
      i++;
      j++;
    } else {
      // Ids are unique but for those of embedders and of damaged files: as many pairs as both sides have of a class.
      const open = new Map<number, number[]>();
      for (; oldIds[i] === id; i++) {
        const list = open.get(oldClass[i] as number);
        if (list) list.push(i);
        else open.set(oldClass[i] as number, [i]);
      }
      for (; nowIds[j] === id; j++) {
        const partner = open.get(nowClass[j] as number)?.pop();
        if (partner === undefined) continue;
        old[partner] = 1;
        now[j] = 1;
      }
    }
  }
  return { old, now };
}

interface Tally {
  readonly sizes: Float64Array;
  nodes(row: number): Uint32Array;
}

/** Objects that have no partner, grouped by class in their order, and the bytes of each class. */
function tally(classes: number, side: DiffSide, classOf: Uint32Array, isPaired: Uint8Array | undefined): Tally {
  const first = new Uint32Array(classes + 1);
  const sizes = new Float64Array(classes);
  let count = 0;
  for (let i = 0; i < classOf.length; i++) {
    if (isPaired && isPaired[i] !== 0) continue;
    const row = classOf[i] as number;
    first[row + 1] = (first[row + 1] as number) + 1;
    sizes[row] = (sizes[row] as number) + (side.sizes[i] as number);
    count++;
  }
  for (let row = 0; row < classes; row++) first[row + 1] = (first[row + 1] as number) + (first[row] as number);
  const next = first.slice();
  const grouped = new Uint32Array(count);
  for (let i = 0; i < classOf.length; i++) {
    if (isPaired && isPaired[i] !== 0) continue;
    const row = classOf[i] as number;
    const place = next[row] as number;
    grouped[place] = side.nodes[i] as number;
    next[row] = place + 1;
  }
  return { sizes, nodes: (row) => grouped.subarray(first[row], first[row + 1]) };
}

/** Of objects and functions of V8's heap, by node: the others change their names, or are in every process. */
function fingerprints({ nodes, strings, nodeTypes, edgeTypes }: HeapGraph): (node: number) => number {
  const { object, closure } = graphTypes({ nodeTypes, edgeTypes });
  const known = new Uint32Array(strings.length + 1);
  return (node) => {
    const type = nodes.type[node];
    if ((type !== object && type !== closure) || (nodes.id[node] as number) % 2 === 0) return 0;
    const name = Math.min(nodes.name[node] as number, strings.length);
    let print = known[name] as number;
    if (print === 0) {
      const text = strings.at(name);
      print = 0x811c9dc5;
      for (let i = 0; i < text.length; i++) print = Math.imul(print ^ text.charCodeAt(i), 0x01000193) >>> 0;
      print = Math.max(1, print);
      known[name] = print;
    }
    return type === object ? print : Math.max(1, ~print >>> 0);
  };
}

/**
 * Whether two snapshots are of one process. V8 gives its objects odd ids that they keep;
 * in another process the same id is another object, with another name as a rule.
 */
function areOfOneProcess(base: DiffSide, current: DiffSide): boolean {
  let shared = 0;
  let alike = 0;
  let i = 0;
  let j = 0;
  while (i < base.ids.length && j < current.ids.length) {
    const id = base.ids[i] as number;
    const other = current.ids[j] as number;
    if (id === other && base.prints[i] !== 0 && current.prints[j] !== 0) {
      shared++;
      if (base.prints[i] === current.prints[j]) alike++;
    }
    if (id <= other) i++;
    if (other <= id) j++;
  }
  const count = ({ prints }: DiffSide): number => prints.reduce((sum, print) => sum + (print === 0 ? 0 : 1), 0);
  const fewer = Math.min(count(base), count(current));
  return fewer === 0 || (shared >= fewer * LEAST_SHARED && alike >= shared * LEAST_ALIKE);
}

/** Of the objects of the smaller snapshot; a process that replaced all of its own keeps V8's. */
const LEAST_SHARED = 0.05;
/** Of the shared ids: those that name the same thing on both sides. */
const LEAST_ALIKE = 0.9;
