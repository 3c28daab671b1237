/**
 * Branches of a tree of rows: each knows how many children it has, and holds those pages of
 * them that were looked at.
 *
 *   branch   count of children, pages of rows, the children that are open (sorted)
 *   visible  count + Σ visible of the open children: where every row stands
 */
export interface TreeBranch<List, Row> {
  readonly list: List;
  readonly up: { readonly branch: TreeBranch<List, Row>; readonly at: number } | undefined;
  /** Keys from the outermost row to the one that the branch is below of. */
  readonly path: string;
  readonly depth: number;
  count: number;
  visible: number;
  isLoaded: boolean;
  readonly pages: Map<number, readonly Row[]>;
  readonly pending: Set<number>;
  /** By rising `up.at`. */
  children: TreeBranch<List, Row>[];
}

/** Rows of a page. */
export const PAGE = 100;
/** Pages of one branch that are kept. */
const MAX_PAGES = 60;

export function newBranch<List, Row>(list: List, up: TreeBranch<List, Row>['up'], path: string): TreeBranch<List, Row> {
  return { list, up, path, depth: up ? up.branch.depth + 1 : 0, count: 0, visible: 0, isLoaded: false, pages: new Map(), pending: new Set(), children: [] };
}

export interface PlaceInTree<List, Row> {
  readonly branch: TreeBranch<List, Row>;
  readonly at: number;
}

/** The branch that a visible row is a child of, and which one. Steps over branches, never over rows. */
export function locate<List, Row>(root: TreeBranch<List, Row>, index: number): PlaceInTree<List, Row> | undefined {
  if (index < 0 || index >= root.visible) return undefined;
  let inside = root;
  let rest = index;
  for (;;) {
    let at = rest;
    let deeper: TreeBranch<List, Row> | undefined;
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
export function indexOf<List, Row>(of: TreeBranch<List, Row>, at: number): number {
  let index = 0;
  let current: TreeBranch<List, Row> | undefined = of;
  let position = at;
  while (current) {
    index += position;
    for (const child of current.children) if ((child.up as { at: number }).at < position) index += child.visible;
    const { up }: TreeBranch<List, Row> = current;
    if (!up) break;
    index += 1;
    position = up.at;
    current = up.branch;
  }
  return index;
}

/** A child of a branch; undefined until its page is there. */
export const rowAt = <List, Row>(of: TreeBranch<List, Row>, at: number): Row | undefined => of.pages.get(pageOf(at))?.[at % PAGE];

/** The page that a child is on. */
export const pageOf = (at: number): number => Math.floor(at / PAGE);

/** The open branch below a child; undefined where it is closed. */
export function openChild<List, Row>(of: TreeBranch<List, Row>, at: number): TreeBranch<List, Row> | undefined {
  return of.children.find((child) => child.up?.at === at);
}

/** Whether a branch is still open: an answer may come for one that was closed meanwhile. */
function isAttached<List, Row>(of: TreeBranch<List, Row>): boolean {
  for (let at = of; at.up; at = at.up.branch) if (!at.up.branch.children.includes(at)) return false;
  return true;
}

/** Hangs an open branch below its row; it has no rows yet. */
export function attach<List, Row>(child: TreeBranch<List, Row>): void {
  const parent = child.up?.branch;
  if (parent) parent.children = [...parent.children, child].sort((a, b) => (a.up?.at ?? 0) - (b.up?.at ?? 0));
}

/** Closes a branch with all that is open below it. */
export function detach<List, Row>(child: TreeBranch<List, Row>): void {
  const parent = child.up?.branch;
  if (!parent) return;
  grow(parent, -child.visible);
  parent.children = parent.children.filter((one) => one !== child);
}

/** Takes a page of a branch's rows, of which there are `total`. The page that came first leaves where there are too many. */
export function takePage<List, Row>(of: TreeBranch<List, Row>, page: number, rows: readonly Row[], total: number): void {
  of.pages.set(page, rows);
  if (of.pages.size > MAX_PAGES) {
    const [oldest] = of.pages.keys();
    if (oldest !== undefined && oldest !== page) of.pages.delete(oldest);
  }
  of.isLoaded = true;
  if (total === of.count || !isAttached(of)) return;
  grow(of, total - of.count);
  of.count = total;
}

function grow<List, Row>(of: TreeBranch<List, Row>, by: number): void {
  for (let at: TreeBranch<List, Row> | undefined = of; at; at = at.up?.branch) at.visible += by;
}
