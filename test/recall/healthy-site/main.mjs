// Renders a documentation site from Markdown, one renderer for all pages.
import MarkdownIt from 'markdown-it';
import { layout } from './layout.mjs';

const markdown = new MarkdownIt({ html: false, linkify: true, typographer: true });

function source(page) {
  const parts = [`# Chapter ${page}`];
  for (let section = 0; section < 14; section++) {
    parts.push(`## Section ${section}`, `Some **bold** and *slanted* text with a [link](https://example.org/${page}/${section}) and \`code ${section}\`.`);
    parts.push(`- first item of ${section}\n- second item\n  - nested *item*\n- third`, '```js\nconst answer = 42;\n```', `| a | b |\n|---|---|\n| ${page} | ${section} |`);
  }
  return parts.join('\n\n');
}

function render(page) {
  const tokens = markdown.parse(source(page), {});
  const headings = [];
  tokens.forEach((token, i) => {
    if (token.type === 'heading_open') headings.push({ level: Number(token.tag.slice(1)), text: tokens[i + 1].content });
  });
  return layout(markdown.renderer.render(tokens, markdown.options, {}), headings);
}

let size = 0;
for (let page = 0; page < 900; page++) size += render(page).length;
console.log(`${size} characters`);
