// Words that readers stumble over, in texts that users read: docs, settings, messages.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root } from './setup.mjs';

/** Each with what to write instead. */
const words = {
  told: 'reported, said, printed',
  stands: 'is',
  anew: 'again',
  loudest: 'first, largest',
  dear: 'costly',
  'how shall': 'how do you want to',
};
const pattern = new RegExp(`\\b(${Object.keys(words).join('|')})\\b`, 'i');

/** A record of measurements, in the words of the time. */
const records = new Set(['docs/precision.md']);
const files = execFileSync('git', ['ls-files', 'README.md', 'CHANGELOG.md', 'SECURITY.md', 'CONTRIBUTING.md', 'package.json', 'docs', 'src', 'webview'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.(?:md|json|ts)$/.test(file) && !records.has(file));

const found = files.flatMap((file) => {
  const text = readFileSync(path.join(root, file), 'utf8');
  const parts = file.endsWith('.ts') ? stringsOf(text) : text.split('\n').map((line, at) => ({ text: line, line: at + 1 }));
  return parts.flatMap((part) => {
    const word = pattern.exec(part.text)?.[1]?.toLowerCase();
    return word === undefined ? [] : [`${file}:${part.line}: "${word}": write ${words[word]}`];
  });
});
if (found.length > 0) {
  console.error(found.join('\n'));
  process.exit(1);
}

/** String literals with several words: names and keys are not read by users. */
function stringsOf(text) {
  const source = ts.createSourceFile('a.ts', text, ts.ScriptTarget.Latest, true);
  const strings = [];
  const visit = (node) => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      if (/\s/.test(node.text)) strings.push({ text: node.text, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return strings;
}
