import { parse } from 'yaml';

export type Catalog = Map<string, string>;

export function loadCatalog(text: string): Catalog {
  const document = parse(text) as Record<string, unknown>;
  const catalog: Catalog = new Map();
  for (const [key, value] of Object.entries(document)) {
    if (value === null || value === undefined) catalog.set(key, '');
    else catalog.set(key, String(value).trim());
  }
  return catalog;
}

export function sections(catalog: Catalog): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of catalog.keys()) {
    const section = key.slice(0, key.indexOf('.'));
    counts.set(section, (counts.get(section) ?? 0) + 1);
  }
  return counts;
}
