// speedscope's own app from its npm package, served with one profile: what the benches measure beside Plateau.
import { createReadStream } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { root } from './setup.mjs';

const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm' };
export const PROFILE = 'it.cpuprofile';

/** Gives the address of the app with the profile in it, in one of speedscope's views; `close` ends the server. */
export async function serveSpeedscope(profile) {
  const release = path.join(root, 'node_modules', 'speedscope', 'dist', 'release');
  const server = http.createServer((request, response) => {
    const name = path.basename(new URL(request.url, 'http://localhost').pathname) || 'index.html';
    const file = name === PROFILE ? profile : path.join(release, name);
    response.setHeader('content-type', types[path.extname(file)] ?? 'application/octet-stream');
    createReadStream(file)
      .on('error', () => response.writeHead(404).end())
      .pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const url = (view) => `${origin}/index.html#profileURL=${encodeURIComponent(`${origin}/${PROFILE}`)}${view ? `&view=${view}` : ''}`;
  return { url, close: () => server.close() };
}
