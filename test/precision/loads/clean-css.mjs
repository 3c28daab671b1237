import CleanCSS from 'clean-css';
import { load, texts } from '../input.mjs';

const sheets = texts('highlight.js/styles', '.css', 80);
await load((turn) => new CleanCSS({ level: 2 }).minify(sheets.slice(turn % 60, (turn % 60) + 8).join('\n')), 3000);
