import autoprefixer from 'autoprefixer';
import postcss from 'postcss';
import { load, texts } from '../input.mjs';

const sheets = [...texts('highlight.js/styles', '.css', 80), ...texts('jsdom/lib', '.css'), ...texts('katex/dist', '.css')];
const processor = postcss([autoprefixer({ overrideBrowserslist: ['> 0.1%', 'ie 10', 'safari 6'] })]);
const all =
  sheets.join('\n') +
  Array.from(
    { length: 400 },
    (_, i) =>
      `.c${i} { display: flex; transform: rotate(${i}deg); user-select: none; background: linear-gradient(top, red, blue); transition: transform ${i}ms; }`,
  ).join('\n');
await load(
  (turn) => processor.process(turn % 2 ? all : sheets[turn % sheets.length], { from: 'a.css', map: { inline: false } }).then(({ css }) => css.length),
  3000,
);
