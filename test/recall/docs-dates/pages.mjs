import fs from 'node:fs';

export function readPage(file) {
  const text = fs.readFileSync(file, 'utf8');
  const title = /^# (.*)$/m.exec(text)?.[1] ?? '';
  return { title, words: text.split(/\s+/).length };
}
