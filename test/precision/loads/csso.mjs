import * as csso from 'csso';
import { load, texts } from '../input.mjs';

const sheets = texts('highlight.js/styles', '.css', 80);
await load((turn) => csso.minify(sheets.slice(turn % 60, (turn % 60) + 10).join('\n'), { sourceMap: turn % 2 === 0, filename: 'a.css' }), 3000);
