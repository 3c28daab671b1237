import postcss from 'postcss';
import parser from 'postcss-selector-parser';
import { load, texts } from '../input.mjs';

const sheets = texts('highlight.js/styles', '.css', 80).map((one) => postcss.parse(one));
await load((turn) => {
  sheets[turn % sheets.length].walkRules((rule) =>
    parser((selectors) => selectors.walkClasses((one) => one.replaceWith(parser.className({ value: `${one.value}x` })))).processSync(rule.selector),
  );
}, 3000);
