import path from 'node:path';
import { rollup } from 'rollup';
import { load } from '../input.mjs';

const folder = path.resolve(import.meta.dirname, '../node_modules');
const entries = ['chess.js/dist/esm/chess.js', 'svelte/src/compiler/index.js', 'mathjs/lib/esm/index.js', 'luxon/src/luxon.js', 'marked/lib/marked.esm.js'];
const finder = {
  name: 'finder',
  resolveId(id, from) {
    if (!from || !id.startsWith('.')) return from ? { id, external: true } : undefined;
    const file = path.resolve(path.dirname(from), id);
    return path.extname(file) ? file : `${file}.js`;
  },
};
await load(async (turn) => {
  const bundle = await rollup({ input: path.join(folder, entries[turn % entries.length]), plugins: [finder], onwarn() {} });
  await bundle.generate({ format: 'esm', sourcemap: true });
  await bundle.close();
}, 4000);
