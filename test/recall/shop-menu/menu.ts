import type { Category } from './catalogue';

export interface MenuItem {
  label: string;
  path: string;
  children: MenuItem[];
}

const byPosition = (a: Category, b: Category) => a.position - b.position || a.id - b.id;

export function slug(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

function childrenOf(rows: Category[], parent: number | null): Category[] {
  return rows.filter((row) => row.parent === parent && !row.hidden).sort(byPosition);
}

export function buildMenu(rows: Category[], parent: number | null = null, base = ''): MenuItem[] {
  return childrenOf(rows, parent).map((row) => {
    const path = `${base}/${slug(row.name)}`;
    return { label: row.name, path, children: buildMenu(rows, row.id, path) };
  });
}
