/**
 * What is asked about an opened heap snapshot, and the answers. A snapshot stays in
 * a thread of its own; what leaves it are the rows that are in sight, and the icicle
 * of the dominator tree as a slab.
 *
 * A node is a row of the snapshot's node table; it means the same object as long
 * as the file does not change. Sizes are bytes.
 */
/** What was left out after a step: so many steps, which repeat the last `period` ones in turn; 0 where they differ. */
export interface LeftOut {
  readonly steps: number;
  readonly period: number;
}

/** What an object is, as far as pictures and colours are concerned. */
export const heapKinds = ['object', 'closure', 'string', 'array', 'buffer', 'code', 'native', 'other'] as const;
export type HeapKind = (typeof heapKinds)[number];

/** What Plateau says of a snapshot at its head. */
export interface HeapOverview {
  readonly file: string;
  readonly title: string;
  readonly subtitle: string;
  readonly fileBytes: number;
  readonly nodes: number;
  readonly edges: number;
  readonly classes: number;
  /** Shallow sizes of all objects, with what V8 has outside of the heap. */
  readonly totalSize: number;
  readonly detached: number;
  readonly warnings: readonly string[];
  /** Whether the script table that names files by number stands beside the snapshot. */
  readonly hasScripts: boolean;
  /** Whether the stacks of allocations were recorded. */
  readonly hasTraces: boolean;
}

/** Which objects of a class count. */
export type HeapScope =
  | { readonly kind: 'all' }
  | { readonly kind: 'detached' }
  /** Those that the other snapshot of the same process does not have yet: their ids lie above its largest. */
  | { readonly kind: 'since'; readonly file: string };

export const classColumns = ['name', 'distance', 'count', 'shallow', 'retained'] as const;
export type ClassColumn = (typeof classColumns)[number];
export const diffColumns = ['name', 'added', 'removed', 'delta', 'addedSize', 'removedSize', 'sizeDelta'] as const;
export type DiffColumn = (typeof diffColumns)[number];
const objectColumns = ['id', 'distance', 'shallow', 'retained'] as const;
export type ObjectColumn = (typeof objectColumns)[number];

export interface Sorted<Column> {
  readonly sortBy: Column;
  readonly isRising: boolean;
}

/** A list of rows; asked for by ranges. */
export type HeapList =
  | ({ readonly kind: 'classes'; readonly filter: string; readonly scope: HeapScope } & Sorted<ClassColumn>)
  | ({ readonly kind: 'objects'; readonly key: string; readonly scope: HeapScope } & Sorted<ObjectColumn>)
  | { readonly kind: 'fields'; readonly node: number; readonly hasInternal: boolean }
  | { readonly kind: 'retainers'; readonly node: number; readonly hasInternal: boolean }
  | { readonly kind: 'dominated'; readonly node: number }
  | ({ readonly kind: 'comparison'; readonly base: string; readonly filter: string } & Sorted<DiffColumn>)
  | ({ readonly kind: 'changed'; readonly base: string; readonly key: string } & Sorted<ObjectColumn>)
  | { readonly kind: 'strings'; readonly filter: string }
  | { readonly kind: 'copies'; readonly text: number }
  | { readonly kind: 'detached'; readonly filter: string };

export interface ObjectRow {
  readonly kind: 'object';
  readonly node: number;
  readonly id: number;
  /** As DevTools shows it, cut to what fits a line. */
  readonly label: string;
  readonly is: HeapKind;
  /** How its row's parent leads to it, or, among retainers, how it leads to that. */
  readonly edge: { readonly name: string; readonly kind: EdgeKind } | undefined;
  /** Edges from the nearest root; undefined where nothing leads to it. */
  readonly distance: number | undefined;
  readonly shallow: number;
  readonly retained: number;
  readonly hasChildren: boolean;
  /** Of a document, but not in it any more. */
  readonly isDetached: boolean;
  /** Where the source can be shown. */
  readonly hasPlace: boolean;
}

export type EdgeKind = 'property' | 'element' | 'variable' | 'internal' | 'weak' | 'shortcut';

export interface ClassRow {
  readonly kind: 'class';
  readonly key: string;
  readonly name: string;
  readonly is: HeapKind;
  readonly distance: number | undefined;
  readonly count: number;
  readonly shallow: number;
  readonly retained: number;
}

export interface DiffRow {
  readonly kind: 'diff';
  readonly key: string;
  readonly name: string;
  readonly added: number;
  readonly removed: number;
  readonly delta: number;
  readonly addedSize: number;
  readonly removedSize: number;
  readonly sizeDelta: number;
}

/** Strings of one text. */
export interface StringRow {
  readonly kind: 'string';
  /** What `copies` takes. */
  readonly text: number;
  readonly label: string;
  readonly count: number;
  readonly shallow: number;
  /** What all but one of them take. */
  readonly wasted: number;
}

export type HeapRow = ObjectRow | ClassRow | DiffRow | StringRow;

export interface HeapRows {
  readonly total: number;
  readonly from: number;
  readonly rows: readonly HeapRow[];
}

/** One way from a root to the object: the root first. */
export interface HeapPath {
  readonly steps: readonly PathStep[];
}
export interface PathStep {
  readonly node: number;
  readonly label: string;
  readonly id: number;
  /** How it leads to the next step; for the last one undefined. */
  readonly edge: { readonly name: string; readonly kind: EdgeKind } | undefined;
  /** Steps that are left out after this one, where a long way was folded. */
  readonly leftOut?: LeftOut | undefined;
}

/** Everything that the inspector shows of one object. */
export interface HeapObject extends ObjectRow {
  readonly className: string;
  /** V8's name for what it is: object, closure, string, array… */
  readonly type: string;
  /** The whole text of a string, up to what the snapshot keeps; undefined for others. */
  readonly text: string | undefined;
  readonly place: ScriptPlace | undefined;
  readonly fields: number;
  readonly retainers: number;
  /** From below the root to the object itself, with its place among its siblings: what opens the dominator tree at it. Empty where that is too deep. */
  readonly dominators: readonly { readonly id: number; readonly at: number }[];
  /** Key of its class. */
  readonly key: string;
  readonly paths: readonly HeapPath[];
  /** The stack that made it, innermost first; empty where it was not recorded. */
  readonly allocated: readonly { readonly name: string; readonly url: string; readonly line: number; readonly column: number }[];
}

/** A place in a script as it ran; 1-based. */
export interface ScriptPlace {
  /** Empty where the script table does not stand beside the snapshot. */
  readonly url: string;
  readonly sourceMapUrl: string;
  readonly scriptId: number;
  readonly line: number;
  readonly column: number;
}

export interface HeapStatisticsDto {
  readonly total: number;
  /** How many strings repeat a text that is there already, and what they take. */
  readonly duplicates: { readonly count: number; readonly wasted: number };
  /** Parts of the total, as they are drawn. Their sum is the total. */
  readonly parts: readonly { readonly name: string; readonly size: number; readonly is: HeapKind; readonly about: string }[];
}

/** The widest part of the dominator tree below a node; frames of the slab are objects. */
export interface HeapIcicle {
  /** `core/profile/slab.ts`; a function's column is the row of `heapKinds`. */
  readonly slab: ArrayBuffer;
  /** The object of each frame; -1 where several small ones are one frame. */
  readonly nodes: readonly number[];
}

/** Questions about one snapshot, by name: what is asked, and the answer. */
export interface HeapQueries {
  rows: [{ readonly list: HeapList; readonly from: number; readonly to: number }, HeapRows];
  object: [{ readonly node: number; readonly hasInternal: boolean }, HeapObject];
  /** The object with an id; nothing where there is none. */
  find: [{ readonly id: number }, { readonly node: number } | undefined];
  statistics: [Record<string, never>, HeapStatisticsDto];
  icicle: [{ readonly node: number }, HeapIcicle];
  /** Takes up another snapshot to compare with; takes as long as opening it. */
  compare: [{ readonly base: string }, HeapBase];
  /** Where a node's code stands, in the script as it ran. */
  place: [{ readonly node: number }, ScriptPlace | undefined];
}
export type HeapQueryName = keyof HeapQueries;

export interface HeapBase {
  readonly file: string;
  readonly title: string;
  /** Set where the comparison may not mean what it seems to: another process. */
  readonly warning: string | undefined;
  readonly addedSize: number;
  readonly removedSize: number;
}

export type HeapAnswer<K extends HeapQueryName> = HeapQueries[K][1];

/** A question with its name. */
export type HeapQuestion<K extends HeapQueryName = HeapQueryName> = { readonly [P in K]: { readonly name: P; readonly query: HeapQueries[P][0] } }[K];
