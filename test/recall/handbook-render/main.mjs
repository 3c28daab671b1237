import { createRenderer } from './renderer.mjs';
import { chapters } from './chapters.mjs';

const render = createRenderer();
const seen = new Map();
const toc = [];
let bytes = 0;

for (const chapter of chapters(1000)) {
  const { html, headings } = render(chapter.source);
  bytes += html.length;
  for (const heading of headings) {
    const n = seen.get(heading.slug) ?? 0;
    seen.set(heading.slug, n + 1);
    toc.push({ chapter: chapter.number, level: heading.level, text: heading.text, anchor: n ? `${heading.slug}-${n}` : heading.slug });
  }
}

const top = toc.filter((t) => t.level === 1).length;
console.log(`${top} chapters, ${toc.length} headings, ${bytes} bytes`);
