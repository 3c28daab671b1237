import MarkdownIt from 'markdown-it';
import hljs from 'highlight.js/lib/core';
import javascript from 'highlight.js/lib/languages/javascript';
import bash from 'highlight.js/lib/languages/bash';

hljs.registerLanguage('js', javascript);
hljs.registerLanguage('sh', bash);

const slugify = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, '-');

export function createRenderer() {
  const md = new MarkdownIt({
    html: false,
    linkify: true,
    highlight: (code, lang) => (hljs.getLanguage(lang) ? hljs.highlight(code, { language: lang }).value : ''),
  });

  return (source) => {
    const env = {};
    const tokens = md.parse(source, env);
    const headings = [];
    for (let i = 0; i < tokens.length; i++) {
      if (tokens[i].type !== 'heading_open') continue;
      const text = tokens[i + 1].content;
      headings.push({ level: Number(tokens[i].tag.slice(1)), text, slug: slugify(text) });
    }
    return { html: md.renderer.render(tokens, md.options, env), headings };
  };
}
