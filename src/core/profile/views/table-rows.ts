import { Category, categoryNames } from '../categories';
import type { FlameModel } from './flame-model';

/** One row of a table: a function, or a node of a tree. Costs in the profile's unit, shares of what is shown. */
export interface TableRow {
  /** Of the function table. */
  readonly func: number;
  /** Of the tree; -1 in the flat list. */
  readonly node: number;
  readonly depth: number;
  readonly hasChildren: boolean;
  readonly isOpen: boolean;
  readonly self: number;
  readonly total: number;
  readonly samples: number;
}

export type SortKey = 'self' | 'selfShare' | 'total' | 'totalShare' | 'samples' | 'name' | 'file' | 'category';
type Compare = (a: TableRow, b: TableRow) => number;

/** Every function with a cost, sorted. Root and idle have no row: they cost nothing active. */
export function flatRows(model: FlameModel, compare: Compare): TableRow[] {
  const { tables, costs } = model;
  const rows: TableRow[] = [];
  for (let func = 0; func < tables.functions.length; func++) {
    const category = tables.functions.category[func] as number;
    const total = costs.total[func] as number;
    if (!(total > 0) || category === Category.Idle || (category === Category.Root && !((costs.self[func] as number) > 0))) continue;
    const isRoot = category === Category.Root;
    rows.push({
      func,
      node: -1,
      depth: 0,
      hasChildren: false,
      isOpen: false,
      self: costs.self[func] as number,
      total: isRoot ? (costs.self[func] as number) : total,
      samples: costs.hits[func] as number,
    });
  }
  return rows.sort(compare);
}

/** The rows of a tree that are open, siblings sorted; `isTop` says whether self is a node's own or (inverted) a row's total. */
export function treeRows({ tables, span }: FlameModel, open: ReadonlySet<number>, compare: Compare, inverted: boolean): TableRow[] {
  const { nodes } = tables;
  const rows: TableRow[] = [];
  const childrenOf = (node: number, depth: number): TableRow[] => {
    const found: TableRow[] = [];
    const end = nodes.subtreeEnd[node] as number;
    for (let child = node + 1; child < end; child = nodes.subtreeEnd[child] as number) {
      const total = span[child] as number;
      if (!(total > 0)) continue;
      const self = inverted ? (depth === 0 ? total : 0) : (nodes.self[child] as number);
      found.push({
        func: nodes.func[child] as number,
        node: child,
        depth,
        hasChildren: (nodes.subtreeEnd[child] as number) > child + 1,
        isOpen: open.has(child),
        self,
        total,
        samples: nodes.hits[child] as number,
      });
    }
    return found.sort(compare);
  };
  // Depth first with a stack of its own: trees are deeper than calls may nest.
  const stack = childrenOf(0, 0).reverse();
  while (stack.length > 0) {
    const row = stack.pop() as TableRow;
    rows.push(row);
    if (row.isOpen && row.hasChildren) for (const child of childrenOf(row.node, row.depth + 1).reverse()) stack.push(child);
  }
  return rows;
}

export function compareRows({ tables: { functions, strings } }: FlameModel, key: SortKey, isRising: boolean): Compare {
  const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  const name = (row: TableRow): string => strings.at(functions.name[row.func] as number);
  const url = (row: TableRow): string => strings.at(functions.url[row.func] as number);
  const by: Readonly<Record<SortKey, Compare>> = {
    self: (a, b) => a.self - b.self,
    selfShare: (a, b) => a.self - b.self,
    total: (a, b) => a.total - b.total,
    totalShare: (a, b) => a.total - b.total,
    samples: (a, b) => a.samples - b.samples,
    name: (a, b) => text(name(a), name(b)),
    file: (a, b) => text(url(a), url(b)) || (functions.line[a.func] as number) - (functions.line[b.func] as number),
    category: (a, b) => text(categoryText(functions, strings, a.func), categoryText(functions, strings, b.func)),
  };
  const first = by[key];
  const sign = isRising ? 1 : -1;
  return (a, b) => sign * first(a, b) || b.total - a.total || a.func - b.func;
}

/** A category in words, a dependency by its package. */
export function categoryText(functions: FlameModel['tables']['functions'], strings: FlameModel['tables']['strings'], func: number): string {
  const name = strings.at(functions.package[func] as number);
  return name === '' ? categoryNames[functions.category[func] as Category] : name;
}
