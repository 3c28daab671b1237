// A web server of generated pages, and some visitors.
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { encode } from './encode';
import { articlePage } from './pages';

const server = http.createServer((request, response) => {
  const id = Number(new URL(request.url ?? '/', 'http://localhost').searchParams.get('id'));
  if (!Number.isInteger(id)) {
    response.writeHead(400).end('bad id');
    return;
  }
  const html = articlePage(id, new Date(1.75e12 + id));
  const { body, encoding } = encode(html, String(request.headers['accept-encoding'] ?? ''));
  response.writeHead(200, { 'content-type': 'text/html', ...(encoding ? { 'content-encoding': encoding } : {}) });
  response.end(body);
});

async function visit(port: number, id: number): Promise<number> {
  const request = http.get({ port, path: `/?id=${id}`, headers: { 'accept-encoding': 'gzip, br' } });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  let size = 0;
  for await (const chunk of response) size += chunk.length;
  return size;
}

server.listen(0);
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
let bytes = 0;
for (let id = 0; id < 24; id += 3) bytes += (await Promise.all([visit(port, id), visit(port, id + 1), visit(port, id + 2)])).reduce((a, b) => a + b, 0);
server.close();
console.log(`${bytes} bytes`);
