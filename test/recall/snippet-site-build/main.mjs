import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderSnippet } from './render.mjs';
import { snippets } from './snippets.mjs';

const outDir = mkdtempSync(join(tmpdir(), 'snippets-'));

function page(title, bodies) {
  return `<!doctype html><html><head><title>${title}</title></head><body>\n${bodies.join('\n<hr>\n')}\n</body></html>\n`;
}

function build(all, perPage) {
  const pages = [];
  for (let i = 0; i < all.length; i += perPage) {
    const slice = all.slice(i, i + perPage);
    const html = page(`Snippets ${i / perPage + 1}`, slice.map(renderSnippet));
    const file = join(outDir, `page-${i / perPage + 1}.html`);
    writeFileSync(file, html);
    pages.push({ file, bytes: html.length, count: slice.length });
  }
  return pages;
}

const pages = build(snippets(56), 20);
const bytes = pages.reduce((sum, p) => sum + p.bytes, 0);
console.log(`${pages.length} pages, ${bytes} bytes`);
rmSync(outDir, { recursive: true });
