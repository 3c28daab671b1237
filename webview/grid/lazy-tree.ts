import type { GridEntry, GridRows } from './row-grid';
import { attach, detach, indexOf, locate, newBranch, openChild, PAGE, pageOf, rowAt, type TreeBranch, takePage } from './tree-branches';

/**
 * A tree of rows that live elsewhere: pages of them are fetched as they come into
 * sight (`tree-branches.ts` says where each row stands). A million siblings cost what
 * is in sight.
 *
 * What was open is remembered by keys (the path of row keys), so it opens again
 * when its row comes back, after a new sort order or a reload.
 */
export interface Page<Row> {
  readonly total: number;
  readonly from: number;
  readonly rows: readonly Row[];
}

export interface TreeSource<List, Row> {
  load(list: List, from: number, to: number): Promise<Page<Row>>;
  /** Unique among siblings. */
  keyOf(row: Row): string;
  /** What is below a row; undefined for a leaf. */
  childrenOf(row: Row): List | undefined;
}

/** One level of the way to a row: its key, and its place among its siblings. */
export interface TreeStep {
  readonly key: string;
  readonly at: number;
}

/** One visible row; `row` is undefined until its page is there. */
export interface TreeEntry<Row> extends GridEntry<Row> {
  /** Keys from the outermost row to this one; empty until it is there. */
  readonly path: string;
  readonly position: number;
  readonly siblings: number;
  /** The row's parent; undefined for an outermost one. */
  readonly parent: Row | undefined;
}

/** The open rows of the tree; it is loaded when the first answer is there. */
export interface LazyTree<Row> extends GridRows<Row, TreeEntry<Row>> {
  /** Outermost rows. */
  readonly total: number;
  /** Why there is nothing to show. */
  readonly failure: string | undefined;
  /** Index of a row by its path, as far as it is loaded; -1 for none. */
  find(path: string): number;
  /** Opens the tree down to a row, by its key and place on every level; `find` has it once it is there. */
  seek(steps: readonly TreeStep[]): void;
  readonly openPaths: readonly string[];
}

/** Pages that are fetched at a time. */
const MAX_REQUESTS = 3;

interface TreeState<List, Row> {
  readonly root: TreeBranch<List, Row>;
  readonly source: TreeSource<List, Row>;
  /** Paths of the rows that open when they come. */
  readonly remembered: Set<string>;
  /** The range in sight. */
  wanted: readonly [from: number, to: number];
  requests: number;
  failure: string | undefined;
  /** The way to the row that is sought. */
  sought: readonly TreeStep[];
  /** Tells that rows came, opened or closed. */
  changed(): void;
}

export function lazyTree<List, Row>(list: List, source: TreeSource<List, Row>, openPaths: Iterable<string>, changed: () => void): LazyTree<Row> {
  const root = newBranch<List, Row>(list, undefined, '');
  const tree: TreeState<List, Row> = { root, source, remembered: new Set(openPaths), wanted: [0, 0], requests: 0, failure: undefined, sought: [], changed };
  request(tree, root, 0);
  return {
    get length() {
      return root.visible;
    },
    get total() {
      return root.count;
    },
    get isLoaded() {
      return root.isLoaded;
    },
    get failure() {
      return tree.failure;
    },
    at: (index) => entryAt(tree, index),
    want(from, to) {
      tree.wanted = [Math.max(0, from), to];
      fetchWanted(tree);
    },
    open(index) {
      const place = locate(root, index);
      const row = place && rowAt(place.branch, place.at);
      if (!place || row === undefined) return;
      tree.remembered.add(pathOf(tree, place.branch, row));
      openBranch(tree, place.branch, place.at, row);
      changed();
    },
    close(index) {
      const place = locate(root, index);
      const child = place && openChild(place.branch, place.at);
      if (!child) return;
      tree.remembered.delete(child.path);
      detach(child);
      changed();
    },
    parentOf(index) {
      const up = locate(root, index)?.branch.up;
      return up ? indexOf(up.branch, up.at) : -1;
    },
    find: (path) => findPath(tree, path),
    seek: (steps) => seekRow(tree, steps),
    get openPaths() {
      return [...tree.remembered];
    },
  };
}

const joined = (steps: readonly TreeStep[]): string => steps.map(({ key }) => key).join('\n');

function pathOf<List, Row>({ source }: TreeState<List, Row>, of: TreeBranch<List, Row>, row: Row): string {
  return of.path === '' ? source.keyOf(row) : `${of.path}\n${source.keyOf(row)}`;
}

function entryAt<List, Row>(tree: TreeState<List, Row>, index: number): TreeEntry<Row> | undefined {
  const place = locate(tree.root, index);
  if (!place) return undefined;
  const { branch, at } = place;
  const row = rowAt(branch, at);
  return {
    row,
    depth: branch.depth,
    path: row === undefined ? '' : pathOf(tree, branch, row),
    isOpen: openChild(branch, at) !== undefined,
    hasChildren: row !== undefined && tree.source.childrenOf(row) !== undefined,
    position: at + 1,
    siblings: branch.count,
    parent: branch.up && rowAt(branch.up.branch, branch.up.at),
  };
}

// Fetching.

function request<List, Row>(tree: TreeState<List, Row>, of: TreeBranch<List, Row>, page: number): void {
  if (of.pages.has(page) || of.pending.has(page)) return;
  of.pending.add(page);
  tree.requests++;
  tree.source
    .load(of.list, page * PAGE, (page + 1) * PAGE)
    .then(
      (answer) => take(tree, of, page, answer),
      (error: unknown) => {
        tree.failure = error instanceof Error ? error.message : String(error);
        of.isLoaded = true;
        tree.changed();
      },
    )
    .finally(() => {
      tree.requests--;
      of.pending.delete(page);
      fetchWanted(tree);
    });
}

function take<List, Row>(tree: TreeState<List, Row>, of: TreeBranch<List, Row>, page: number, { total, rows }: Page<Row>): void {
  takePage(of, page, rows, total);
  for (const [i, row] of rows.entries()) if (tree.remembered.has(pathOf(tree, of, row))) openBranch(tree, of, page * PAGE + i, row);
  tree.changed();
}

/** Fetches what is missing of the range in sight, a few pages at a time. */
function fetchWanted<List, Row>(tree: TreeState<List, Row>): void {
  const [from, to] = tree.wanted;
  for (let index = from; index < to && tree.requests < MAX_REQUESTS; index++) {
    const place = locate(tree.root, index);
    if (!place) return;
    if (place.branch.isLoaded && rowAt(place.branch, place.at) === undefined) request(tree, place.branch, pageOf(place.at));
  }
}

// Opening and seeking.

function openBranch<List, Row>(tree: TreeState<List, Row>, of: TreeBranch<List, Row>, at: number, row: Row): void {
  const below = tree.source.childrenOf(row);
  if (below === undefined || openChild(of, at)) return;
  const made = newBranch<List, Row>(below, { branch: of, at }, pathOf(tree, of, row));
  attach(made);
  request(tree, made, 0);
  requestSought(tree, made);
}

/** On the way to a row that is sought: fetches the page that it is on. */
function requestSought<List, Row>(tree: TreeState<List, Row>, of: TreeBranch<List, Row>): void {
  const step = tree.sought[of.depth];
  const isOnTheWay = joined(tree.sought.slice(0, of.depth)) === of.path;
  if (step && isOnTheWay) request(tree, of, pageOf(step.at));
}

/** Opens the way to a row: what is there already now, the rest when its page comes. */
function seekRow<List, Row>(tree: TreeState<List, Row>, steps: readonly TreeStep[]): void {
  tree.sought = steps;
  for (let at = 1; at < steps.length; at++) tree.remembered.add(joined(steps.slice(0, at)));
  for (let of: TreeBranch<List, Row> | undefined = tree.root; of; ) {
    requestSought(tree, of);
    const step: TreeStep | undefined = steps[of.depth];
    const row: Row | undefined = step && rowAt(of, step.at);
    if (!step || row === undefined || of.depth === steps.length - 1) break;
    openBranch(tree, of, step.at, row);
    of = openChild(of, step.at);
  }
}

/** Index of a row by its path, as far as it is loaded; -1 for none. */
function findPath<List, Row>(tree: TreeState<List, Row>, path: string): number {
  const branches = [tree.root];
  for (let of = branches.pop(); of; of = branches.pop()) {
    const branch = of;
    if (!path.startsWith(branch.path === '' ? '' : `${branch.path}\n`)) continue;
    for (const [page, rows] of branch.pages) {
      const at = rows.findIndex((row) => pathOf(tree, branch, row) === path);
      if (at >= 0) return indexOf(branch, page * PAGE + at);
    }
    branches.push(...branch.children);
  }
  return -1;
}
