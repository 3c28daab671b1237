import path from 'node:path';
import webpack from 'webpack';
import { load } from '../input.mjs';

const folder = path.resolve(import.meta.dirname, '..');
const entries = [
  'lodash/lodash.js',
  'postcss/lib/postcss.js',
  'handlebars/dist/cjs/handlebars.js',
  'yaml/dist/index.js',
  'luxon/build/node/luxon.js',
  'chess.js/dist/esm/chess.js',
  'graphql/index.js',
];
await load(
  (turn) =>
    new Promise((resolve, reject) => {
      const compiler = webpack({
        mode: 'production',
        target: 'node',
        optimization: { minimize: false },
        devtool: 'source-map',
        context: folder,
        entry: Object.fromEntries(entries.map((file, i) => [`e${i}`, path.join(folder, 'node_modules', file)])),
        output: { path: path.join(folder, 'out', `webpack${turn % 2}`) },
      });
      compiler.run((error, stats) => (error || stats.hasErrors() ? reject(error ?? new Error(stats.toString())) : compiler.close(resolve)));
    }),
  4000,
);
