import babel from '@babel/core';
import { load, texts } from '../input.mjs';

const sources = [...texts('postcss/lib', '.js'), ...texts('svelte/src/compiler', '.js', 30), ...texts('chess.js/dist/esm', '.js')];
await load(
  (turn) =>
    babel.transformAsync(sources[turn % sources.length], {
      presets: [['@babel/preset-env', { targets: 'ie 11' }]],
      configFile: false,
      babelrc: false,
      compact: false,
      sourceMaps: true,
    }),
  4000,
);
