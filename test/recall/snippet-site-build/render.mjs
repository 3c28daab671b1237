import hljs from 'highlight.js';

const escape = (s) => s.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

function header(snippet) {
  const tags = snippet.tags.map((t) => `<span class="tag">${escape(t)}</span>`).join(' ');
  return `<h2 id="${snippet.id}">${escape(snippet.title)}</h2><p>${tags}</p>`;
}

export function renderSnippet(snippet) {
  const lines = snippet.code.split('\n').length;
  const body = hljs.highlightAuto(snippet.code).value;
  const gutter = Array.from({ length: lines }, (_, i) => i + 1).join('\n');
  return `${header(snippet)}<div class="code"><pre class="gutter">${gutter}</pre><pre class="hljs" data-lang="${snippet.lang}">${body}</pre></div>`;
}
