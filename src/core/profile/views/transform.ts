import { Category } from '../categories';
import type { FunctionTable, ProfileTables } from '../tables';
import { drop, hasTwins, keep, merge, rebuildTree, restart, type Verdict } from './rebuild-tree';

/**
 * One way of looking at a profile. Functions are rows of the table that is
 * transformed first; paths are functions from below the root to the node, so
 * that a transform still means the same after others before it were taken away.
 */
export type Transform =
  | { readonly kind: 'focus-function'; readonly func: number }
  | { readonly kind: 'focus-node'; readonly path: readonly number[] }
  | { readonly kind: 'focus-category'; readonly category: Category }
  | { readonly kind: 'merge-function'; readonly func: number }
  | { readonly kind: 'merge-node'; readonly path: readonly number[] }
  | { readonly kind: 'drop-function'; readonly func: number }
  | { readonly kind: 'collapse-recursion'; readonly func: number }
  /** `package` and `url` are indices into the string table. */
  | { readonly kind: 'collapse-package'; readonly package: number }
  | { readonly kind: 'collapse-file'; readonly url: number }
  | { readonly kind: 'only-my-code' };

/** Microseconds on the profile's own clock. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Tables without samples and lines, and what is not in them: Σ self + dropped is Σ self of what was transformed. */
export interface Transformed {
  readonly tables: ProfileTables;
  /** In the profile's unit. */
  readonly dropped: number;
  /** For each node of the first tables, where its own cost is now; -1 where it was dropped. Undefined where every node is where it was. */
  readonly target: Int32Array | undefined;
}

/** Applies a time range and then transforms in their order. Each is O(nodes); the range is O(samples). */
export function transformProfile(base: ProfileTables, range: TimeRange | undefined, transforms: readonly Transform[], isMine: IsMine): Transformed {
  let shown = range ? restrictToRange(base, range) : untransformed(base);
  for (const transform of transforms) {
    const next = transformOnce(shown.tables, transform, isMine);
    const target = shown.target && next.target ? through(shown.target, next.target) : (shown.target ?? next.target);
    shown = { tables: next.tables, dropped: shown.dropped + next.dropped, target };
  }
  return shown;
}

/** Where nodes are after another transform. */
function through(first: Int32Array, second: Int32Array): Int32Array {
  const target = new Int32Array(first.length);
  for (let node = 0; node < target.length; node++) {
    const at = first[node] as number;
    target[node] = at < 0 ? at : (second[at] as number);
  }
  return target;
}

/** Whether a function counts as the user's own for `only-my-code`. */
export type IsMine = (functions: FunctionTable, func: number) => boolean;

/** V8's own frames (GC, program, idle) are nobody's code, and stay. */
export const isOwnCategory: IsMine = ({ category }, func) => {
  const own = category[func] as number;
  return own === Category.User || own >= Category.Gc;
};

function transformOnce(tables: ProfileTables, transform: Transform, isMine: IsMine): Transformed {
  const { nodes, functions } = tables;
  switch (transform.kind) {
    case 'focus-function':
      // Everything is below the root already.
      if (transform.func === nodes.func[0]) return rebuildTree(tables, () => keep);
      return rebuildTree(tables, (node, up) => (nodes.func[node] === transform.func ? (up > 0 ? keep : restart) : up > 0 ? keep : drop));
    case 'focus-node': {
      const start = nodeAtPath(tables, transform.path);
      return rebuildTree(tables, (node, up) => (node === start ? restart : up > 0 ? keep : drop));
    }
    case 'focus-category': {
      const isKept = new Uint8Array(nodes.length);
      for (let node = nodes.length - 1; node > 0; node--) {
        if (functions.category[nodes.func[node] as number] === transform.category && (nodes.self[node] as number) > 0) isKept[node] = 1;
        if (isKept[node]) isKept[nodes.parent[node] as number] = 1;
      }
      return rebuildTree(
        tables,
        (node) => (isKept[node] ? keep : drop),
        (node) => functions.category[nodes.func[node] as number] === transform.category,
      );
    }
    case 'merge-function':
      return rebuildTree(tables, (node) => (nodes.func[node] === transform.func ? merge : keep));
    case 'merge-node': {
      const merged = nodeAtPath(tables, transform.path);
      return rebuildTree(tables, (node) => (node === merged ? merge : keep));
    }
    case 'drop-function': {
      const isGone = new Uint8Array(nodes.length);
      for (let node = 1; node < nodes.length; node++) if (nodes.func[node] === transform.func || isGone[nodes.parent[node] as number]) isGone[node] = 1;
      return rebuildTree(tables, (node) => (isGone[node] ? drop : keep));
    }
    case 'collapse-recursion': {
      const outer = new Int32Array(nodes.length).fill(-1);
      return rebuildTree(tables, (node) => {
        const above = outer[nodes.parent[node] as number] as number;
        if (nodes.func[node] !== transform.func) outer[node] = above;
        else if (above < 0) outer[node] = node;
        else {
          outer[node] = above;
          return { kind: 'into', node: above };
        }
        return keep;
      });
    }
    case 'collapse-package':
      return collapse(tables, (func) => functions.package[func] === transform.package && transform.package !== 0, transform.package);
    case 'collapse-file':
      return collapse(tables, (func) => functions.url[func] === transform.url && transform.url !== 0, transform.url);
    case 'only-my-code':
      return rebuildTree(tables, (node) => (isMine(functions, nodes.func[node] as number) ? keep : merge));
  }
}

/** Runs of frames of one group become one frame that is called as the group is. */
function collapse(tables: ProfileTables, isInside: (func: number) => boolean, name: number): Transformed {
  const { nodes, functions } = tables;
  const inside = new Uint8Array(functions.length);
  let sample = -1;
  for (let func = 0; func < functions.length; func++) {
    if (!isInside(func)) continue;
    inside[func] = 1;
    if (sample < 0) sample = func;
  }
  if (sample < 0) return rebuildTree(tables, () => keep);
  const group = functions.length;
  const isFile = functions.url[sample] === name;
  const extended = withFunction(functions, {
    name,
    url: isFile ? name : 0,
    category: functions.category[sample] as number,
    package: functions.package[sample] as number,
  });
  const into: Verdict = { kind: 'as', func: group };
  return rebuildTree({ ...tables, functions: extended }, (node) => {
    if (!inside[nodes.func[node] as number]) return keep;
    return inside[nodes.func[nodes.parent[node] as number] as number] ? merge : into;
  });
}

function withFunction(table: FunctionTable, row: { name: number; url: number; category: number; package: number }): FunctionTable {
  const add = <A extends Uint32Array | Int32Array | Uint8Array>(column: A, value: number): A => {
    const grown = new (column.constructor as new (length: number) => A)(column.length + 1);
    grown.set(column);
    grown[column.length] = value;
    return grown;
  };
  return {
    length: table.length + 1,
    name: add(table.name, row.name),
    url: add(table.url, row.url),
    line: add(table.line, -1),
    column: add(table.column, -1),
    category: add(table.category, row.category),
    package: add(table.package, row.package),
    ...(table.label ? { label: add(table.label, 0) } : {}),
  };
}

/** Whether a transform adds a row to the function table: at its end, in the order of the list. */
const addsFunction = ({ kind }: Transform): boolean => kind === 'collapse-package' || kind === 'collapse-file';

/** The function that a row means once the row `gone` is no more; undefined for `gone` itself. */
export const rowWithout = (row: number, gone: number): number | undefined => (row === gone ? undefined : row > gone ? row - 1 : row);

/**
 * A list of transforms without one of them, for a table of `functions` rows. If it
 * had added a row, what was applied to that row goes with it, and later rows move up.
 */
export function withoutTransform(
  transforms: readonly Transform[],
  at: number,
  functions: number,
): { transforms: readonly Transform[]; gone: number | undefined } {
  const removed = transforms[at];
  const rest = transforms.filter((_, i) => i !== at);
  if (!removed || !addsFunction(removed)) return { transforms: rest, gone: undefined };
  const gone = functions + transforms.slice(0, at).filter(addsFunction).length;
  const renumbered = rest.flatMap((transform): Transform[] => {
    if ('func' in transform) {
      const func = rowWithout(transform.func, gone);
      return func === undefined ? [] : [{ ...transform, func }];
    }
    if (!('path' in transform)) return [transform];
    const path = transform.path.map((row) => rowWithout(row, gone));
    return path.some((row) => row === undefined) ? [] : [{ ...transform, path: path as number[] }];
  });
  return { transforms: renumbered, gone };
}

/** The node that a path of functions leads to; -1 where there is none. */
export function nodeAtPath({ nodes }: ProfileTables, path: readonly number[]): number {
  let node = 0;
  for (const func of path) {
    const end = nodes.subtreeEnd[node] as number;
    let child = node + 1;
    while (child < end && nodes.func[child] !== func) child = nodes.subtreeEnd[child] as number;
    if (child >= end) return -1;
    node = child;
  }
  return node;
}

/** The functions from below the root to a node. */
export function pathOfNode({ nodes }: ProfileTables, node: number): number[] {
  const path: number[] = [];
  for (let at = node; at > 0; at = nodes.parent[at] as number) path.push(nodes.func[at] as number);
  return path.reverse();
}

/** What was sampled within a time range: samples that reach over its edges count in part. */
function restrictToRange(base: ProfileTables, { from, to }: TimeRange): Transformed {
  const { nodes, samples } = base;
  const self = new Float64Array(nodes.length);
  const hits = new Uint32Array(nodes.length);
  let kept = 0;
  for (let i = 0; i < samples.length; i++) {
    const start = Math.max(from, samples.start[i] as number);
    const end = Math.min(to, i + 1 < samples.length ? (samples.start[i + 1] as number) : base.endTime);
    const isWithin = (samples.start[i] as number) >= from && (samples.start[i] as number) < to;
    if (end <= start && !isWithin) continue;
    const node = samples.node[i] as number;
    self[node] = (self[node] as number) + Math.max(0, end - start);
    if (isWithin) hits[node] = (hits[node] as number) + 1;
    kept += Math.max(0, end - start);
  }
  const isKept = new Uint8Array(nodes.length);
  for (let node = nodes.length - 1; node > 0; node--) {
    if ((self[node] as number) > 0 || hits[node]) isKept[node] = 1;
    if (isKept[node]) isKept[nodes.parent[node] as number] = 1;
  }
  const inlined = nodes.inlined.map((all, node) => (all === 0 ? 0 : Math.round((all * (hits[node] as number)) / (nodes.hits[node] as number))));
  const restricted = rebuildTree({ ...base, nodes: { ...nodes, self, hits, inlined } }, (node) => (isKept[node] ? keep : drop));
  return { ...restricted, dropped: Math.max(0, (nodes.total[0] as number) - kept) };
}

/** The tables as they are; twins, which no path could tell apart, are one node in them. */
function untransformed(base: ProfileTables): Transformed {
  let found = starts.get(base);
  if (!found) {
    found = hasTwins(base) ? rebuildTree(base, () => keep) : { tables: withoutSamples(base), dropped: 0, target: undefined };
    starts.set(base, found);
  }
  return found;
}

/** Every list of transforms begins with the same tables. */
const starts = new WeakMap<ProfileTables, Transformed>();

const none = { node: new Uint32Array(0), line: new Uint32Array(0), ticks: new Uint32Array(0) };

function withoutSamples(tables: ProfileTables): ProfileTables {
  return { ...tables, samples: { length: 0, node: none.node, start: new Float64Array(0) }, lines: { length: 0, ...none } };
}
