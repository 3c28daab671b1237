// Builds the menu of a shop out of the flat table of its categories, and writes it as HTML and as a site map.
import { writeFileSync, mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { exportRows } from './catalogue';
import { buildMenu, type MenuItem } from './menu';

function html(items: MenuItem[]): string {
  if (items.length === 0) return '';
  return `<ul>${items.map((item) => `<li><a href="${item.path}">${item.label}</a>${html(item.children)}</li>`).join('')}</ul>`;
}

function* paths(items: MenuItem[]): Generator<string> {
  for (const item of items) {
    yield item.path;
    yield* paths(item.children);
  }
}

function depth(items: MenuItem[]): number {
  return items.reduce((deepest, item) => Math.max(deepest, 1 + depth(item.children)), 0);
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'shop-menu-'));
const rows = exportRows(27_000, 20240117);
const menu = buildMenu(rows);
writeFileSync(path.join(folder, 'menu.html'), html(menu));
const all = [...paths(menu)];
writeFileSync(path.join(folder, 'sitemap.txt'), all.map((page) => `https://shop.example${page}`).join('\n'));
console.log(`${rows.length} categories, ${all.length} in the menu, ${depth(menu)} levels`);
