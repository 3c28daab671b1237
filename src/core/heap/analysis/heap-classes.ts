import type { HeapAnalysis } from './analyze-heap';
import type { ClassName } from './classify';
import { dominatorTree } from './dominator-tree';

/** A row of the summary. Sizes in bytes. */
export interface HeapClass extends ClassName {
  /** Objects with a shallow size: others are part of those. */
  readonly count: number;
  readonly shallowSize: number;
  /** What would be free without all of them: the retained sizes of those that no other of the class dominates. */
  readonly retainedSize: number;
  /** The objects, rising by row. A view of one list for all classes. */
  readonly objects: Uint32Array;
}

/** Classes that have objects with a shallow size, by falling retained size; `includes` narrows the objects. */
export function heapClasses(analysis: HeapAnalysis, includes?: (node: number) => boolean): HeapClass[] {
  const { classOf, classNames, shallowSize } = analysis;
  const counts = new Uint32Array(classNames.length + 1);
  const sizes = new Float64Array(classNames.length);
  const counted = new Uint8Array(classOf.length);
  for (let n = 0; n < classOf.length; n++) {
    const size = shallowSize[n] as number;
    if (size === 0 || (includes && !includes(n))) continue;
    const row = classOf[n] as number;
    counted[n] = 1;
    counts[row] = (counts[row] as number) + 1;
    sizes[row] = (sizes[row] as number) + size;
  }
  const retained = retainedByClass(analysis, counted);
  const objects = groupByClass(classOf, counted, counts);
  let at = 0;
  return classNames
    .map((name, row): HeapClass => {
      const count = counts[row] as number;
      at += count;
      return { ...name, count, shallowSize: sizes[row] as number, retainedSize: retained[row] as number, objects: objects.subarray(at - count, at) };
    })
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.retainedSize - a.retainedSize || b.shallowSize - a.shallowSize || (a.key < b.key ? -1 : 1));
}

function groupByClass(classOf: Uint32Array, counted: Uint8Array, counts: Uint32Array): Uint32Array {
  const next = new Uint32Array(counts.length);
  let sum = 0;
  for (let row = 0; row < counts.length; row++) {
    next[row] = sum;
    sum += counts[row] as number;
  }
  const objects = new Uint32Array(sum);
  for (let n = 0; n < classOf.length; n++) {
    if (counted[n] === 0) continue;
    const row = classOf[n] as number;
    const place = next[row] as number;
    objects[place] = n;
    next[row] = place + 1;
  }
  return objects;
}

/** Goes down the dominator tree; a node counts where no node of its class is above it. */
function retainedByClass(analysis: HeapAnalysis, counted: Uint8Array): Float64Array {
  const { classOf, classNames, retainedSize } = analysis;
  const { first, children } = dominatorTree(analysis);
  const retained = new Float64Array(classNames.length);
  const isOpen = new Uint8Array(classNames.length);
  const stack = new Uint32Array(classOf.length + 1);
  // The nodes that opened their class, and where the stack stood below their children.
  const openers: number[] = [];
  const levels: number[] = [];
  let depth = 1; // the root, row 0, is there
  while (depth > 0) {
    const node = stack[--depth] as number;
    while (levels.length > 0 && (levels[levels.length - 1] as number) > depth) {
      levels.pop();
      isOpen[openers.pop() as number] = 0;
    }
    const row = classOf[node] as number;
    const from = first[node] as number;
    const end = first[node + 1] as number;
    if (counted[node] !== 0 && isOpen[row] === 0) {
      retained[row] = (retained[row] as number) + (retainedSize[node] as number);
      if (end > from) {
        isOpen[row] = 1;
        openers.push(row);
        levels.push(depth);
      }
    }
    for (let c = from; c < end; c++) stack[depth++] = children[c] as number;
  }
  return retained;
}
