// Keeps files under a password: derives the key of each, and serves the public ones.
import { pbkdf2, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const derive = promisify(pbkdf2);
const folder = await mkdtemp(path.join(os.tmpdir(), 'vault-'));
const keys = new Map();

for (let i = 0; i < 8; i++) await writeFile(path.join(folder, `public${i}.txt`), `public file ${i}\n`.repeat(200));

async function unlock(name, password) {
  const salt = keys.get(name)?.salt ?? randomBytes(16);
  const key = await derive(password, salt, 400_000, 32, 'sha512');
  keys.set(name, { salt, key });
  return key.subarray(0, 4).toString('hex');
}

async function publicFile(number) {
  const text = await readFile(path.join(folder, `public${number}.txt`), 'utf8');
  return { length: text.length, first: text.slice(0, 13) };
}

async function handle(url) {
  if (url.pathname === '/unlock') return { check: await unlock(url.searchParams.get('file'), url.searchParams.get('password')) };
  if (url.pathname === '/public') return publicFile(Number(url.searchParams.get('n')));
  return { error: 'not found' };
}

const server = http.createServer(async (request, response) => {
  request.resume();
  const result = await handle(new URL(request.url, 'http://localhost'));
  response.writeHead(result.error ? 404 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(result));
});
server.listen(Number(process.env.APP_PORT), '127.0.0.1');
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
