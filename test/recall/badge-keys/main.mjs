// The desk of a trade fair: issues the badges of guests, and tells whether a badge is known.
import http from 'node:http';
import { issue } from './badges.mjs';
import { Register } from './register.mjs';

const register = new Register();

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

function send(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

async function handle(request, response) {
  const url = new URL(request.url, 'http://localhost');
  if (request.method === 'POST' && url.pathname === '/badges') {
    const guest = await bodyOf(request);
    const badge = issue(guest, Date.now());
    register.add(badge);
    send(response, 201, { key: badge.key, signature: badge.signature });
  } else if (url.pathname.startsWith('/badges/')) {
    const badge = register.find(url.pathname.slice('/badges/'.length));
    send(response, badge ? 200 : 404, badge ?? { error: 'unknown badge' });
  } else {
    send(response, 200, { badges: register.size });
  }
}

const server = http.createServer((request, response) => {
  handle(request, response).catch((error) => send(response, 400, { error: String(error) }));
});
server.listen(Number(process.env.APP_PORT), '127.0.0.1');
