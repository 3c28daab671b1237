import type { ProfileWarning } from '../../../shared/issue';
import type { RowOfId } from './node-ids';
import type { RawProfile } from './raw-profile';

export interface Parents {
  /** Rows of the file, and up to two added ones: a root over several, and a place for unknown samples. */
  readonly count: number;
  /** Row of the parent; -1 for the one root. */
  readonly parent: Int32Array;
  readonly root: number;
  /** Row of the node that takes samples of unknown ids; -1 where there are none. */
  readonly unknownRow: number;
  /** Function rows of the added nodes, by row − raw.ids.length. */
  readonly added: readonly number[];
}

/** Makes one tree of the nodes: one root, one parent each, no cycles. Every repair is a warning. */
export function linkParents(raw: RawProfile, rowOfId: RowOfId, needsUnknown: boolean, warnings: ProfileWarning[]): Parents {
  const fileCount = raw.ids.length;
  const firstChild = raw.firstChild.values;
  const childIds = raw.childIds.values;
  const parentIds = raw.parentId.values;
  const parent = new Int32Array(fileCount + 2).fill(-1);
  const several = new Set<number>();
  let unknownChildren = 0;
  let selfEdges = 0;
  const link = (child: number, to: number): void => {
    if (child === to) selfEdges++;
    else if ((parent[child] as number) >= 0) {
      if (parent[child] !== to) several.add(child);
    } else parent[child] = to;
  };
  for (let row = 0; row < fileCount; row++) {
    const end = row + 1 < fileCount ? (firstChild[row + 1] as number) : childIds.length;
    for (let at = firstChild[row] as number; at < end; at++) {
      const child = rowOfId(childIds[at] as number);
      if (child < 0) unknownChildren++;
      else link(child, row);
    }
    if (row >= parentIds.length) continue;
    const parentId = parentIds[row] as number;
    if (!Number.isNaN(parentId)) {
      const to = rowOfId(parentId);
      if (to >= 0) link(row, to);
    }
  }

  const added: number[] = [];
  const add = (name: string): number => {
    added.push(raw.functions.internText(name, '', -1, -1));
    return fileCount + added.length - 1;
  };
  const roots: number[] = [];
  for (let row = 0; row < fileCount; row++) if ((parent[row] as number) < 0) roots.push(row);

  const rootName = raw.strings.intern('(root)');
  let root = roots.find((row) => raw.functions.name.at(raw.func.at(row)) === rootName) ?? -1;
  if (root < 0) root = add('(root)'); // a function's own cost is no root's
  let orphans = 0;
  for (const row of roots) {
    if (row === root) continue;
    parent[row] = root;
    orphans++;
  }
  if (root >= fileCount) orphans = Math.max(0, orphans - 1);

  const cycles = breakCycles(parent, fileCount, root) + selfEdges;
  const unknownRow = needsUnknown ? add('(unknown node)') : -1;
  if (unknownRow >= 0) parent[unknownRow] = root;

  if (unknownChildren > 0) warnings.push({ kind: 'unknown-children', count: unknownChildren });
  if (several.size > 0) warnings.push({ kind: 'several-parents', count: several.size });
  if (cycles > 0) warnings.push({ kind: 'cycles', count: cycles });
  if (orphans > 0) warnings.push({ kind: 'orphans', count: orphans });
  return { count: fileCount + added.length, parent, root, unknownRow, added };
}

/** Hangs one node of each parent cycle on the root. Every row is walked once: O(n). */
function breakCycles(parent: Int32Array, count: number, root: number): number {
  const state = new Uint8Array(count + 2);
  state[root] = 2;
  let cycles = 0;
  for (let row = 0; row < count; row++) {
    let at = row;
    while (at >= 0 && state[at] === 0) {
      state[at] = 1;
      at = parent[at] as number;
    }
    const isCycle = at >= 0 && state[at] === 1;
    for (let done = row; done >= 0 && state[done] === 1; done = parent[done] as number) state[done] = 2;
    if (isCycle) {
      parent[at] = root;
      cycles++;
    }
  }
  return cycles;
}
