// Splits a large source into tokens and counts them by kind.
const PATTERN = /(\s+)|(\/\/[^\n]*)|([A-Za-z_$][\w$]*)|(\d+(?:\.\d+)?)|("(?:[^"\\\n]|\\.)*")|([{}()[\];,.<>=+\-*/!&|?:])/y;
const KINDS = ['space', 'comment', 'word', 'number', 'string', 'sign'];
const DECLARES = ['const', 'let', 'function'];

function source(functions) {
  let text = '';
  for (let i = 0; i < functions; i++) {
    text += `// Adds ${i} to what it is given.\nfunction add${i}(value) {\n  const step = ${i}.5;\n  let text = "a \\"quoted\\" ${i}";\n  return value + step * text.length;\n}\n\n`;
  }
  return text;
}

function* tokens(text) {
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < text.length) {
    const start = PATTERN.lastIndex;
    const match = PATTERN.exec(text);
    if (match === null) throw new SyntaxError(`unexpected ${JSON.stringify(text[start])} at ${start}`);
    const kind = match.findIndex((group, i) => i > 0 && group !== undefined) - 1;
    yield { kind: KINDS[kind], text: match[0], start };
  }
}

const text = source(160000);
const counts = new Map();
const names = new Set();
let declared = false;
for (const token of tokens(text)) {
  counts.set(token.kind, (counts.get(token.kind) ?? 0) + 1);
  if (token.kind !== 'word') continue;
  if (declared) names.add(token.text);
  declared = DECLARES.includes(token.text);
}
console.log(text.length, Object.fromEntries(counts), names.size);
