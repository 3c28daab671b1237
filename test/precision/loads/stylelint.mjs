import stylelint from 'stylelint';
import { load, texts } from '../input.mjs';

const sheets = texts('highlight.js/styles', '.css', 80);
const rules = {
  'block-no-empty': true,
  'color-no-invalid-hex': true,
  'declaration-block-no-duplicate-properties': true,
  'no-descending-specificity': true,
  'no-duplicate-selectors': true,
  'property-no-unknown': true,
  'selector-class-pattern': '^[a-z]+$',
  'shorthand-property-no-redundant-values': true,
  'color-hex-length': 'short',
  'declaration-block-no-redundant-longhand-properties': true,
  'font-family-name-quotes': 'always-where-recommended',
  'unit-no-unknown': true,
  'value-keyword-case': 'lower',
};
await load((turn) => stylelint.lint({ code: sheets.slice(turn % 40, (turn % 40) + 6).join('\n'), config: { rules } }), 3000);
