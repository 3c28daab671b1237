import { minify } from 'terser';
import { load, text, texts } from '../input.mjs';

const sources = [...texts('uglify-js/lib', '.js'), text('lodash/lodash.js')];
await load((turn) => minify(sources[turn % sources.length], { compress: { passes: 2 }, mangle: true, sourceMap: true }), 4000);
