// An HTTP server that reads its templates anew, synchronously, for each request.
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'templates-'));
for (let i = 0; i < 60; i++) fs.writeFileSync(path.join(folder, `${i}.html`), '<p>{{name}}</p>\n'.repeat(60_000));
process.on('exit', () => fs.rmSync(folder, { recursive: true }));

const languages = ['de', 'en', 'es', 'fr'];

function render(name) {
  let size = 0;
  for (const language of languages) {
    for (const file of fs.readdirSync(folder)) {
      size += language.length + fs.readFileSync(path.join(folder, file)).length;
    }
  }
  return `${name}: ${size}`;
}

http.createServer((request, response) => response.end(render(request.url))).listen(Number(process.env.PORT), '127.0.0.1');
