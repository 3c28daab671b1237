import peggy from 'peggy';
import { load, text } from '../input.mjs';

const grammar = `start = _ v:value _ { return v; }
value = object / array / string / number / "true" / "false" / "null"
object = "{" _ m:(head:member tail:(_ "," _ @member)* { return [head, ...tail]; })? _ "}" { return Object.fromEntries(m ?? []); }
member = k:string _ ":" _ v:value { return [k, v]; }
array = "[" _ v:(head:value tail:(_ "," _ @value)* { return [head, ...tail]; })? _ "]" { return v ?? []; }
string = '"' c:char* '"' { return c.join(''); }
char = [^"\\\\] / "\\\\" @.
number = n:$("-"? [0-9]+ ("." [0-9]+)? ([eE] [+-]? [0-9]+)?) { return Number(n); }
_ = [ \\t\\n\\r]*`;
const json = text('ajv/package.json');
const parser = peggy.generate(grammar, { cache: false });
await load((turn) => {
  if (turn % 5 === 0) peggy.generate(grammar, { cache: turn % 2 === 0, trace: false });
  parser.parse(json);
});
