import * as prettier from 'prettier';
import { load, manuals, text, texts } from '../input.mjs';

const inputs = [
  ...texts('express/lib', '.js').map((source) => [source, 'babel']),
  ...texts('postcss/lib', '.js').map((source) => [source, 'babel']),
  ...texts('postcss/lib', '.d.ts').map((source) => [source, 'typescript']),
  ...manuals().map((source) => [source, 'markdown']),
  [text('highlight.js/styles/github.css'), 'css'],
];
await load(async (turn) => {
  const [source, parser] = inputs[turn % inputs.length];
  await prettier.format(source, { parser });
}, 4000);
