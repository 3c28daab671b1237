import type { HeapState, HeapViewKind } from '../../src/protocol/heap-webview';
import type { HeapList, HeapRow, HeapScope } from '../../src/shared/heap-query';
import type { GridSort } from '../grid/grid-columns';
import type { HeapChange, HeapStore } from './store';

export type ListKind = Exclude<HeapViewKind, 'statistics'>;

/** What each list depends on. */
export const listInputs: Readonly<Record<ListKind, readonly HeapChange[]>> = {
  classes: ['filter', 'scope', 'baseRead', 'classSort', 'hasInternal'],
  comparison: ['filter', 'baseRead', 'diffSort', 'hasInternal'],
  dominators: [],
  retainers: ['selected', 'hasInternal'],
  strings: ['filter', 'hasInternal'],
  detached: ['filter', 'hasInternal'],
};

/** The outermost rows of a list; undefined where there is nothing to list yet. `root` is the object whose retainers are listed. */
export function outermostList(kind: ListKind, store: HeapStore, root: number | undefined): HeapList | undefined {
  const { state, base, hasInternal } = store;
  switch (kind) {
    case 'classes':
      return { kind: 'classes', filter: state.filter, scope: scopeOf(store), ...state.classSort };
    case 'comparison':
      return base && { kind: 'comparison', base: base.file, filter: state.filter, ...state.diffSort };
    case 'dominators':
      return { kind: 'dominated', node: 0 };
    case 'retainers':
      return root === undefined ? undefined : { kind: 'retainers', node: root, hasInternal };
    case 'strings':
      return { kind: 'strings', filter: state.filter };
    case 'detached':
      return { kind: 'detached', filter: state.filter };
  }
}

/** What opens below a row; undefined for a leaf. */
export function listBelow(kind: ListKind, store: HeapStore, row: HeapRow): HeapList | undefined {
  const { hasInternal, base } = store;
  switch (row.kind) {
    case 'class': {
      const { sortBy, isRising } = store.state.classSort;
      return { kind: 'objects', key: row.key, scope: scopeOf(store), sortBy: objectSort(sortBy), isRising };
    }
    case 'diff':
      return row.added === 0 || base === undefined ? undefined : { kind: 'changed', base: base.file, key: row.key, sortBy: 'retained', isRising: false };
    case 'string':
      return { kind: 'copies', text: row.text };
    case 'object':
      if (!row.hasChildren) return undefined;
      if (kind === 'dominators') return { kind: 'dominated', node: row.node };
      return { kind: kind === 'retainers' ? 'retainers' : 'fields', node: row.node, hasInternal };
  }
}

function scopeOf({ state, base }: HeapStore): HeapScope {
  if (state.scope === 'since' && base) return { kind: 'since', file: base.file };
  return state.scope === 'detached' ? { kind: 'detached' } : { kind: 'all' };
}

function objectSort(column: string): 'id' | 'distance' | 'shallow' | 'retained' {
  return column === 'distance' || column === 'shallow' ? column : column === 'name' ? 'id' : 'retained';
}

/** The order that a list's head shows. */
export function sortOf(kind: ListKind, state: HeapState): GridSort | undefined {
  return kind === 'classes' ? state.classSort : kind === 'comparison' ? state.diffSort : undefined;
}

/** The change of state when a column's head is clicked: sorts by it, or the other way round. */
export function sortedBy(kind: ListKind, state: HeapState, column: string): Partial<HeapState> {
  const flip = <T extends string>(current: { readonly sortBy: T; readonly isRising: boolean }) => ({
    sortBy: column as T,
    isRising: current.sortBy === column ? !current.isRising : column === 'name' || column === 'distance',
  });
  if (kind === 'classes') return { classSort: flip(state.classSort) };
  return kind === 'comparison' ? { diffSort: flip(state.diffSort) } : {};
}
