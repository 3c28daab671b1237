import peggy from 'peggy';

const GRAMMAR = String.raw`
formula = "=" _ value:comparison { return value; }

comparison
  = left:sum _ operator:("<=" / ">=" / "<" / ">") _ right:sum { return { operator, left, right }; }
  / sum

sum
  = left:product _ operator:("+" / "-") _ right:sum { return { operator, left, right }; }
  / product

product
  = left:power _ operator:("*" / "/") _ right:product { return { operator, left, right }; }
  / power

power
  = left:factor _ "^" _ right:power { return { operator: "^", left, right }; }
  / factor

factor
  = number
  / cell
  / name:$[a-z]+ "(" _ first:comparison rest:(_ ";" _ @comparison)* _ ")" { return { call: name, values: [first, ...rest] }; }
  / "(" _ value:comparison _ ")" { return value; }

number = digits:$([0-9]+ ("." [0-9]+)?) { return { number: Number(digits) }; }
cell = name:$([A-Z] [0-9]+) { return { cell: name }; }
_ = [ ]*
`;

const parser = peggy.generate(GRAMMAR);

export const parse = (text) => parser.parse(text);
