// Reads a script of nightly reports and lists which tables and columns they need.
import { Lexer } from './lexer.mjs';
import { nightly } from './script.mjs';

const script = nightly(1700);
const tables = new Map();
const columns = new Map();
let statements = 0;
let previous = null;
let tokens = 0;

for (const token of new Lexer(script)) {
  tokens += 1;
  if (token.kind === 'mark' && token.text === ';') statements += 1;
  if (token.kind === 'name') {
    if (previous?.text === 'from') tables.set(token.text, (tables.get(token.text) ?? 0) + 1);
    else {
      const column = token.text.split('.').at(-1);
      columns.set(column, (columns.get(column) ?? 0) + 1);
    }
  }
  previous = token;
}

console.log(`${script.length} characters, ${tokens} tokens, ${statements} statements`);
console.log([...tables].sort().map(([name, uses]) => `${name} ${uses}`).join(', '));
console.log([...columns].sort().map(([name, uses]) => `${name} ${uses}`).join(', '));
