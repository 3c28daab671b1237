import hljs from 'highlight.js';

const NAMES = { js: 'JavaScript', py: 'Python', sql: 'SQL', sh: 'Shell' };

export function escape(text) {
  return text.replace(/[&<>]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

/** A block of code as HTML, with its language as a caption. */
export function coloured(code, language) {
  const { value } = hljs.highlightAuto(code);
  const caption = NAMES[language] ? `<figcaption>${NAMES[language]}</figcaption>` : '';
  const lines = value.split('\n').map((line, i) => `<span data-line="${i + 1}">${line}</span>`);
  return `<figure>${caption}<pre><code>${lines.join('\n')}</code></pre></figure>`;
}
