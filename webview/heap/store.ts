import type { HeapState } from '../../src/protocol/heap-webview';
import type { HeapBase, HeapObject, HeapOverview } from '../../src/shared/heap-query';

/** What a snapshot's page shows: the state that is saved, and what the server has said of the rest. */
export interface HeapStore {
  readonly overview: HeapOverview;
  readonly state: HeapState;
  /** The snapshot that it is compared with, once that is read. */
  readonly base: HeapBase | undefined;
  /** The selected object, once it is there. */
  readonly object: HeapObject | undefined;
  /** Whether weak and internal references are listed. */
  readonly hasInternal: boolean;
  set(change: Partial<HeapState>): void;
  setBase(base: HeapBase | undefined): void;
  setObject(object: HeapObject | undefined): void;
  setInternal(hasInternal: boolean): void;
  subscribe(listener: (changed: ReadonlySet<HeapChange>) => void): void;
}

export type HeapChange = keyof HeapState | 'baseRead' | 'object' | 'hasInternal' | 'theme';

export function heapStore(overview: HeapOverview, initial: HeapState, internal: boolean): HeapStore {
  let state = initial;
  let base: HeapBase | undefined;
  let object: HeapObject | undefined;
  let hasInternal = internal;
  const listeners: ((changed: ReadonlySet<HeapChange>) => void)[] = [];
  const tell = (...changed: HeapChange[]): void => {
    for (const listener of listeners) listener(new Set(changed));
  };
  return {
    overview,
    get state() {
      return state;
    },
    get base() {
      return base;
    },
    get object() {
      return object;
    },
    get hasInternal() {
      return hasInternal;
    },
    set(change) {
      const changed = (Object.keys(change) as (keyof HeapState)[]).filter((key) => change[key] !== state[key]);
      if (changed.length === 0) return;
      state = { ...state, ...change };
      tell(...changed);
    },
    setBase(next) {
      base = next;
      tell('baseRead');
    },
    setObject(next) {
      object = next;
      tell('object');
    },
    setInternal(next) {
      if (next === hasInternal) return;
      hasInternal = next;
      tell('hasInternal');
    },
    subscribe: (listener) => void listeners.push(listener),
  };
}
