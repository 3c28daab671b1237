import nearley from 'nearley';
import { load, random } from '../input.mjs';

const sym = (name) => name;
const lit = (literal) => ({ literal });
const rule = (name, ...symbols) => new nearley.Rule(name, symbols, (data) => data);
const rules = [
  rule('sum', sym('sum'), lit('+'), sym('product')),
  rule('sum', sym('product')),
  rule('product', sym('product'), lit('*'), sym('atom')),
  rule('product', sym('atom')),
  rule('atom', lit('('), sym('sum'), lit(')')),
  rule('atom', sym('n')),
  rule('n', sym('n'), /[0-9]/),
  rule('n', /[0-9]/),
];
const next = random(2);
const term = (depth) => (depth === 0 || next(4) === 0 ? String(next(999)) : `(${term(depth - 1)}${next(2) ? '+' : '*'}${term(depth - 1)})`);
const inputs = Array.from({ length: 8 }, () => term(7));
await load((turn) => {
  const parser = new nearley.Parser(nearley.Grammar.fromCompiled({ ParserRules: rules, ParserStart: 'sum' }));
  parser.feed(inputs[turn % inputs.length]);
  return parser.results.length;
});
