// Looks for duplicate keys and trailing blanks in a large configuration file.
import { positionOf } from './position';
import { tokenize } from './tokens';

interface Problem {
  line: number;
  column: number;
  text: string;
}

function sample(sections: number): string {
  let text = '';
  for (let s = 0; s < sections; s++) {
    text += `[section.${s}]\n`;
    for (let k = 0; k < 9; k++) text += `key${k === 8 && s % 20 === 0 ? 3 : k} = "value ${s * k}"${(s + k) % 50 === 0 ? '  ' : ''}\n`;
  }
  return text;
}

function lint(source: string): Problem[] {
  const problems: Problem[] = [];
  let keys = new Set<string>();
  for (const token of tokenize(source)) {
    const { line, column } = positionOf(source, token.start);
    if (token.kind === 'section') keys = new Set();
    if (token.kind === 'key') {
      if (keys.has(token.text)) problems.push({ line, column, text: `duplicate key ${token.text}` });
      keys.add(token.text);
    }
    if (token.kind === 'blanks') problems.push({ line, column, text: 'blanks at the end of the line' });
  }
  return problems;
}

const source = sample(900);
const problems = lint(source);
console.log(`${source.length} characters, ${problems.length} problems`);
for (const { line, column, text } of problems.slice(0, 5)) console.log(`${line}:${column} ${text}`);
