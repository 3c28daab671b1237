// Node.js keeps a timing of each fetch, 250 of them, and undici the places of requests that are done, 256.
import http from 'node:http';

const server = http.createServer((_, response) => response.end('{"rate":1}')).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));

export async function exercise() {
  const answer = await fetch(`http://127.0.0.1:${server.address().port}/`);
  return answer.json();
}
