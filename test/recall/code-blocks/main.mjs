// Makes the pages of a handbook for programmers, with their code in colours.
import { chapters } from './chapters.mjs';
import { coloured, escape } from './colours.mjs';

function* blocks(text) {
  let fence;
  let lines = [];
  for (const line of text.split('\n')) {
    const mark = /^```(\w*)$/.exec(line);
    if (!mark) {
      lines.push(line);
      continue;
    }
    yield { language: fence, text: lines.join('\n') };
    fence = fence === undefined ? mark[1] : undefined;
    lines = [];
  }
  yield { language: fence, text: lines.join('\n') };
}

function paragraphs(text) {
  return text
    .split(/\n{2,}/)
    .filter((one) => one.trim() !== '')
    .map((one) => (one.startsWith('# ') ? `<h1>${escape(one.slice(2))}</h1>` : `<p>${escape(one)}</p>`))
    .join('\n');
}

function page({ title, text }) {
  const parts = [...blocks(text)].map((block) => (block.language === undefined ? paragraphs(block.text) : coloured(block.text, block.language)));
  return `<!doctype html><title>${escape(title)}</title>\n${parts.join('\n')}`;
}

const pages = chapters(28).map((chapter) => ({ name: chapter.name, html: page(chapter) }));
for (const { name, html } of pages) console.log(name.padEnd(16), html.length, [...html.matchAll(/class="hljs-keyword"/g)].length);
