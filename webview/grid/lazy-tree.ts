import type { GridEntry, GridRows } from './row-grid';

/**
 * A tree of rows that live elsewhere: branches know how many children they have,
 * and hold those pages of them that were looked at. A million siblings cost what
 * is in sight.
 *
 *   branch   count of children, pages of rows, the children that are open (sorted)
 *   visible  count + Σ visible of the open children: where every row stands
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
  seek(steps: readonly { readonly key: string; readonly at: number }[]): void;
  readonly openPaths: readonly string[];
}

interface Branch<List, Row> {
  readonly list: List;
  readonly up: { readonly branch: Branch<List, Row>; readonly at: number } | undefined;
  readonly path: string;
  readonly depth: number;
  count: number;
  visible: number;
  isLoaded: boolean;
  readonly pages: Map<number, readonly Row[]>;
  readonly pending: Set<number>;
  /** By rising `up.at`. */
  children: Branch<List, Row>[];
}

export const PAGE = 100;
/** Pages of one branch that are kept. */
const MAX_PAGES = 60;
const MAX_REQUESTS = 3;

export function lazyTree<List, Row>(list: List, source: TreeSource<List, Row>, openPaths: Iterable<string>, changed: () => void): LazyTree<Row> {
  const remembered = new Set(openPaths);
  const root = branch(list, undefined, '', 0);
  let wanted: readonly [number, number] = [0, 0];
  let requests = 0;
  let failure: string | undefined;
  let sought: readonly { readonly key: string; readonly at: number }[] = [];
  request(root, 0);

  function branch(of: List, up: Branch<List, Row>['up'], path: string, depth: number): Branch<List, Row> {
    return { list: of, up, path, depth, count: 0, visible: 0, isLoaded: false, pages: new Map(), pending: new Set(), children: [] };
  }

  /** The branch that a visible row is a child of, and which one. Steps over branches, never over rows. */
  function locate(index: number): { branch: Branch<List, Row>; at: number } | undefined {
    if (index < 0 || index >= root.visible) return undefined;
    let inside = root;
    let rest = index;
    for (;;) {
      let at = rest;
      let deeper: Branch<List, Row> | undefined;
      for (const child of inside.children) {
        const childAt = (child.up as { at: number }).at;
        if (childAt >= at) break;
        if (at - childAt <= child.visible) {
          deeper = child;
          rest = at - childAt - 1;
          break;
        }
        at -= child.visible;
      }
      if (!deeper) return { branch: inside, at };
      inside = deeper;
    }
  }

  /** Index of a branch's child among the visible rows. */
  function indexOf(of: Branch<List, Row>, at: number): number {
    let index = 0;
    let current: Branch<List, Row> | undefined = of;
    let position = at;
    while (current) {
      index += position;
      for (const child of current.children) if ((child.up as { at: number }).at < position) index += child.visible;
      const { up }: Branch<List, Row> = current;
      if (!up) break;
      index += 1;
      position = up.at;
      current = up.branch;
    }
    return index;
  }

  const rowAt = (of: Branch<List, Row>, at: number): Row | undefined => of.pages.get(Math.floor(at / PAGE))?.[at % PAGE];
  const pathOf = (of: Branch<List, Row>, row: Row): string => (of.path === '' ? source.keyOf(row) : `${of.path}\n${source.keyOf(row)}`);
  const openChild = (of: Branch<List, Row>, at: number): Branch<List, Row> | undefined => of.children.find((child) => child.up?.at === at);

  function grow(of: Branch<List, Row>, by: number): void {
    for (let at: Branch<List, Row> | undefined = of; at; at = at.up?.branch) at.visible += by;
  }

  function openBranch(of: Branch<List, Row>, at: number, row: Row): void {
    const below = source.childrenOf(row);
    if (below === undefined || openChild(of, at)) return;
    const made = branch(below, { branch: of, at }, pathOf(of, row), of.depth + 1);
    of.children = [...of.children, made].sort((a, b) => (a.up?.at ?? 0) - (b.up?.at ?? 0));
    request(made, 0);
    seek(made);
  }

  /** On the way to a row that is sought: fetches the page that it is on. */
  function seek(of: Branch<List, Row>): void {
    const step = sought[of.depth];
    const isOnTheWay =
      sought
        .slice(0, of.depth)
        .map(({ key }) => key)
        .join('\n') === of.path;
    if (step && isOnTheWay) request(of, Math.floor(step.at / PAGE));
  }

  function request(of: Branch<List, Row>, page: number): void {
    if (of.pages.has(page) || of.pending.has(page)) return;
    of.pending.add(page);
    requests++;
    source
      .load(of.list, page * PAGE, (page + 1) * PAGE)
      .then(
        (answer) => take(of, page, answer),
        (error: unknown) => {
          failure = error instanceof Error ? error.message : String(error);
          of.isLoaded = true;
          changed();
        },
      )
      .finally(() => {
        requests--;
        of.pending.delete(page);
        pump();
      });
  }

  function take(of: Branch<List, Row>, page: number, { total, rows }: Page<Row>): void {
    of.pages.set(page, rows);
    if (of.pages.size > MAX_PAGES) {
      const [oldest] = of.pages.keys();
      if (oldest !== undefined && oldest !== page) of.pages.delete(oldest);
    }
    of.isLoaded = true;
    if (total !== of.count && isAttached(of)) {
      grow(of, total - of.count);
      of.count = total;
    }
    for (const [i, row] of rows.entries()) if (remembered.has(pathOf(of, row))) openBranch(of, page * PAGE + i, row);
    changed();
  }

  /** Whether a branch is still open: an answer may come for one that was closed meanwhile. */
  function isAttached(of: Branch<List, Row>): boolean {
    for (let at = of; at.up; at = at.up.branch) if (!at.up.branch.children.includes(at)) return false;
    return true;
  }

  function pump(): void {
    const [from, to] = wanted;
    for (let index = from; index < to && requests < MAX_REQUESTS; index++) {
      const found = locate(index);
      if (!found) return;
      if (found.branch.isLoaded && rowAt(found.branch, found.at) === undefined) request(found.branch, Math.floor(found.at / PAGE));
    }
  }

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
      return failure;
    },
    at(index) {
      const found = locate(index);
      if (!found) return undefined;
      const { branch: of, at } = found;
      const row = rowAt(of, at);
      const parent = of.up && rowAt(of.up.branch, of.up.at);
      return {
        row,
        depth: of.depth,
        path: row === undefined ? '' : pathOf(of, row),
        isOpen: openChild(of, at) !== undefined,
        hasChildren: row !== undefined && source.childrenOf(row) !== undefined,
        position: at + 1,
        siblings: of.count,
        parent,
      };
    },
    want(from, to) {
      wanted = [Math.max(0, from), to];
      pump();
    },
    open(index) {
      const found = locate(index);
      const row = found && rowAt(found.branch, found.at);
      if (!found || row === undefined) return;
      remembered.add(pathOf(found.branch, row));
      openBranch(found.branch, found.at, row);
      changed();
    },
    close(index) {
      const found = locate(index);
      const child = found && openChild(found.branch, found.at);
      if (!found || !child) return;
      remembered.delete(child.path);
      grow(found.branch, -child.visible);
      found.branch.children = found.branch.children.filter((one) => one !== child);
      changed();
    },
    parentOf(index) {
      const up = locate(index)?.branch.up;
      return up ? indexOf(up.branch, up.at) : -1;
    },
    find(path) {
      const branches = [root];
      for (let of = branches.pop(); of; of = branches.pop()) {
        const start = of.path === '' ? '' : `${of.path}\n`;
        if (!path.startsWith(start)) continue;
        for (const [page, rows] of of.pages) {
          const at = rows.findIndex((row) => pathOf(of as Branch<List, Row>, row) === path);
          if (at >= 0) return indexOf(of, page * PAGE + at);
        }
        branches.push(...of.children);
      }
      return -1;
    },
    seek(steps) {
      sought = steps;
      for (let at = 1; at < steps.length; at++)
        remembered.add(
          steps
            .slice(0, at)
            .map(({ key }) => key)
            .join('\n'),
        );
      // What is there already opens now, the rest when its page comes.
      for (let of: Branch<List, Row> | undefined = root; of; ) {
        seek(of);
        const step: { readonly key: string; readonly at: number } | undefined = steps[of.depth];
        const row: Row | undefined = step && rowAt(of, step.at);
        if (!step || row === undefined || of.depth === steps.length - 1) break;
        openBranch(of, step.at, row);
        of = openChild(of, step.at);
      }
    },
    get openPaths() {
      return [...remembered];
    },
  };
}
