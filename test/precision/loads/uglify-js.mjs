import uglify from 'uglify-js';
import { load, texts } from '../input.mjs';

const sources = [...texts('postcss/lib', '.js'), ...texts('express/lib', '.js'), ...texts('handlebars/dist/cjs', '.js')];
await load((turn) => uglify.minify(sources[turn % sources.length], { compress: { passes: 2 }, sourceMap: true }), 3500);
