import { ESLint, Linter } from 'eslint';
import { load, text, texts } from '../input.mjs';

const { default: js } = await import('@eslint/js').catch(() => ({ default: undefined }));
const rules = Object.fromEntries(
  [
    'no-unused-vars',
    'no-undef',
    'prefer-const',
    'eqeqeq',
    'no-shadow',
    'indent',
    'quotes',
    'semi',
    'complexity',
    'max-len',
    'no-use-before-define',
    'camelcase',
    'no-param-reassign',
    'func-names',
    'object-shorthand',
    'arrow-body-style',
    'no-fallthrough',
    'no-unreachable',
    'array-callback-return',
    'no-loop-func',
    'consistent-return',
    'no-redeclare',
    'no-regex-spaces',
    'no-misleading-character-class',
    'no-useless-escape',
  ].map((name) => [name, 'warn']),
);
if (!ESLint.version) throw new Error('no version');
const linter = new Linter();
const sources = [text('lodash/lodash.js'), ...texts('uglify-js/lib', '.js', 8)];
const config = [...(js ? [js.configs.recommended] : []), { languageOptions: { sourceType: 'script' }, rules }];
await load((turn) => linter.verify(sources[turn % sources.length], config), 3500);
