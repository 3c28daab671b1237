// Makes the index of a documentation site: title and last change of every page.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { lastChanges } from './changes.mjs';
import { readPage } from './pages.mjs';

const COMMIT = ['-c', 'user.name=docs', '-c', 'user.email=docs@example.org', 'commit', '-q', '-m', 'pages'];

function checkout(count) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'docs-'));
  for (let i = 0; i < count; i++) fs.writeFileSync(path.join(folder, `page${i}.md`), `# Page ${i}\n\n${`Some text about topic ${i}. `.repeat(80)}\n`);
  execFileSync('git', ['init', '-q'], { cwd: folder });
  execFileSync('git', ['add', '.'], { cwd: folder });
  execFileSync('git', COMMIT, { cwd: folder });
  return folder;
}

const folder = checkout(260);
const files = fs.readdirSync(folder).filter((name) => name.endsWith('.md'));
const changes = lastChanges(folder, files);
const index = files.map((name) => ({ ...readPage(path.join(folder, name)), changed: changes.get(name) }));
index.sort((a, b) => (a.title < b.title ? -1 : 1));
fs.writeFileSync(path.join(folder, 'index.json'), JSON.stringify(index));
console.log(`${index.length} pages, ${index.reduce((sum, page) => sum + page.words, 0)} words`);
fs.rmSync(folder, { recursive: true });
