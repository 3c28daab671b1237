import hljs from 'highlight.js';
import { load, text, texts } from '../input.mjs';

const inputs = [
  [text('express/lib/response.js'), 'javascript'],
  [text('highlight.js/styles/github.css'), 'css'],
  [text('ajv/README.md'), 'markdown'],
  ...texts('postcss/lib', '.d.ts', 5).map((one) => [one, 'typescript']),
  [text('ajv/package.json'), 'json'],
];
await load((turn) => {
  const [source, language] = inputs[turn % inputs.length];
  hljs.highlight(source, { language });
  if (turn % 40 === 0) hljs.highlightAuto(source.slice(0, 500));
});
