import * as acorn from 'acorn';
import { load, text, texts } from '../input.mjs';

const sources = [text('lodash/lodash.js'), ...texts('uglify-js/lib', '.js', 8)];
await load((turn) => acorn.parse(sources[turn % sources.length], { ecmaVersion: 'latest', locations: true }), 3000);
