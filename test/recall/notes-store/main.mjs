// Takes notes over from the export of another program, into a file of JSON.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Store } from './store.mjs';

const TAGS = ['home', 'work', 'garden', 'reading', 'music'];

function exported(count) {
  const lines = [];
  for (let i = 0; i < count; i++) {
    lines.push(`#${i} ${TAGS[i % 5]},${TAGS[(i * 3) % 5]}`);
    for (let k = 0; k <= i % 4; k++) lines.push(`Line ${k} of note ${i}: remember what was said about ${TAGS[(i + k) % 5]} on day ${(i * 7) % 365}.`);
  }
  return lines.join('\n');
}

function* parse(text) {
  let note;
  for (const line of text.split('\n')) {
    const head = /^#(\d+) (.*)$/.exec(line);
    if (!head) {
      note.text += note.text === '' ? line : `\n${line}`;
      continue;
    }
    if (note) yield note;
    note = { number: Number(head[1]), tags: [...new Set(head[2].split(','))], text: '' };
  }
  if (note) yield note;
}

function take(store, text) {
  let words = 0;
  for (const note of parse(text)) {
    words += note.text.split(/\s+/).length;
    store.add({ tags: note.tags, text: note.text, from: `export ${note.number}` });
  }
  return words;
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'notes-'));
const store = new Store(path.join(folder, 'notes.json'));
const words = take(store, exported(2100));
store.edit(3, 'Changed.');
console.log(`${store.size} notes with ${words} words`);
for (const tag of TAGS) console.log(tag, store.tagged(tag).length);
rmSync(folder, { recursive: true });
