import type { HeapAnalysis } from './analyze-heap';
import { type ClassName, classify } from './classify';
import { sortById } from './sort-by-id';

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
  /**
   * False where the snapshots are of different processes: then ids mean nothing, every
   * object of the base counts as removed and every one of the current heap as added.
   */
  readonly isSameProcess: boolean;
}

/**
 * What came and what went from `base` to `current`, as DevTools' comparison has it. Objects
 * are the same where their class and id are. The base is classified by the shapes of the
 * current heap: a shape that has become rarer or more frequent is no change.
 */
export function diffHeaps(base: HeapAnalysis, current: HeapAnalysis): HeapDiff {
  const isSameProcess = areOfOneProcess(base, current);
  const { classOf: baseClass, names: baseNames } = classify(base.graph, base.detachedness, base.plainObjects, current.shapes);
  const rowOfKey = new Map(current.classNames.map(({ key }, row) => [key, row]));
  const names: ClassName[] = [...current.classNames];
  const rowOfBase = Uint32Array.from(baseNames, (name) => rowOfKey.get(name.key) ?? names.push(name) - 1);
  const old = sortById(base.graph.nodes.id, sizedNodes(base));
  const now = sortById(current.graph.nodes.id, sizedNodes(current));
  const classOfOld = (node: number): number => rowOfBase[baseClass[node] as number] as number;
  const classOfNow = (node: number): number => current.classOf[node] as number;
  const left = isSameProcess ? pairById(base, old, classOfOld, current, now, classOfNow) : { old, now };
  const removed = tally(names.length, left.old, classOfOld, base.shallowSize);
  const added = tally(names.length, left.now, classOfNow, current.shallowSize);
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
  return { rows, isSameProcess };
}

/** Objects without a shallow size are parts of others. */
function sizedNodes({ shallowSize }: HeapAnalysis): Uint32Array {
  let count = 0;
  for (let n = 0; n < shallowSize.length; n++) if (shallowSize[n] !== 0) count++;
  const rows = new Uint32Array(count);
  for (let n = 0, at = 0; n < shallowSize.length; n++) if (shallowSize[n] !== 0) rows[at++] = n;
  return rows;
}

/** What is left of two lists by rising id when objects of the same id and class have been taken out in pairs. */
function pairById(
  base: HeapAnalysis,
  old: Uint32Array,
  classOfOld: (node: number) => number,
  current: HeapAnalysis,
  now: Uint32Array,
  classOfNow: (node: number) => number,
): { old: Uint32Array; now: Uint32Array } {
  const oldId = base.graph.nodes.id;
  const nowId = current.graph.nodes.id;
  const leftOld = new Uint32Array(old.length);
  const leftNow = new Uint32Array(now.length);
  let olds = 0;
  let nows = 0;
  let i = 0;
  let j = 0;
  while (i < old.length && j < now.length) {
    const a = oldId[old[i] as number] as number;
    const b = nowId[now[j] as number] as number;
    if (a < b) leftOld[olds++] = old[i++] as number;
    else if (b < a) leftNow[nows++] = now[j++] as number;
    else {
      let iEnd = i + 1;
      let jEnd = j + 1;
      while (iEnd < old.length && oldId[old[iEnd] as number] === a) iEnd++;
      while (jEnd < now.length && nowId[now[jEnd] as number] === a) jEnd++;
      // Ids are unique but for those of damaged files and of embedders: how many of each class there are.
      const open = new Map<number, number>();
      for (let k = i; k < iEnd; k++) open.set(classOfOld(old[k] as number), (open.get(classOfOld(old[k] as number)) ?? 0) + 1);
      const paired = new Map<number, number>();
      for (; j < jEnd; j++) {
        const node = now[j] as number;
        const row = classOfNow(node);
        const count = open.get(row) ?? 0;
        if (count === 0) leftNow[nows++] = node;
        else {
          open.set(row, count - 1);
          paired.set(row, (paired.get(row) ?? 0) + 1);
        }
      }
      for (; i < iEnd; i++) {
        const node = old[i] as number;
        const row = classOfOld(node);
        const count = paired.get(row) ?? 0;
        if (count === 0) leftOld[olds++] = node;
        else paired.set(row, count - 1);
      }
    }
  }
  while (i < old.length) leftOld[olds++] = old[i++] as number;
  while (j < now.length) leftNow[nows++] = now[j++] as number;
  return { old: leftOld.subarray(0, olds), now: leftNow.subarray(0, nows) };
}

interface Tally {
  readonly sizes: Float64Array;
  nodes(row: number): Uint32Array;
}

/** Nodes grouped by class, in their order, and the bytes of each class. */
function tally(classes: number, list: Uint32Array, classOf: (node: number) => number, sizeOf: Float64Array): Tally {
  const first = new Uint32Array(classes + 1);
  const sizes = new Float64Array(classes);
  for (let i = 0; i < list.length; i++) {
    const row = classOf(list[i] as number);
    first[row + 1] = (first[row + 1] as number) + 1;
    sizes[row] = (sizes[row] as number) + (sizeOf[list[i] as number] as number);
  }
  for (let row = 0; row < classes; row++) first[row + 1] = (first[row + 1] as number) + (first[row] as number);
  const next = first.slice();
  const grouped = new Uint32Array(list.length);
  for (let i = 0; i < list.length; i++) {
    const row = classOf(list[i] as number);
    const place = next[row] as number;
    grouped[place] = list[i] as number;
    next[row] = place + 1;
  }
  return { sizes, nodes: (row) => grouped.subarray(first[row], first[row + 1]) };
}

/** Looked at of each snapshot, at most. */
const LOOKED_AT = 200_000;

/**
 * Whether two snapshots are of one process. V8 gives its objects odd ids that they keep;
 * in another process the same id is another object, of another type or name, as a rule.
 */
export function areOfOneProcess(base: HeapAnalysis, current: HeapAnalysis): boolean {
  const names = (heap: HeapAnalysis): Map<number, string> => {
    const { nodes, nodeTypes, strings } = heap.graph;
    const known = new Map<number, string>();
    const step = Math.max(1, Math.floor(nodes.length / LOOKED_AT));
    void step;
    for (let n = 0; n < nodes.length && known.size < LOOKED_AT; n++) {
      const type = nodeTypes[nodes.type[n] as number];
      if ((nodes.id[n] as number) % 2 === 1 && (type === 'object' || type === 'closure'))
        known.set(nodes.id[n] as number, `${type} ${strings.at(nodes.name[n] as number)}`);
    }
    return known;
  };
  const old = names(base);
  const now = names(current);
  let shared = 0;
  let alike = 0;
  for (const [id, name] of now) {
    const before = old.get(id);
    if (before === undefined) continue;
    shared++;
    if (before === name) alike++;
  }
  const fewer = Math.min(old.size, now.size);
  return fewer === 0 || (shared >= fewer / 10 && alike >= shared * 0.9);
}
