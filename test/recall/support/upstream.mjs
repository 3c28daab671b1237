// A stand-in for services of others over HTTP: /NAME?ms=DELAY answers after that delay.
import http from 'node:http';

const jobs = new Map();

const server = http.createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  request.resume();
  const json = (value) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };
  if (url.pathname === '/jobs' && request.method === 'POST') {
    const id = jobs.size + 1;
    jobs.set(id, Date.now() + 120 + ((id * 37) % 90));
    return setTimeout(() => json({ id }), 5);
  }
  if (url.pathname.startsWith('/jobs/')) {
    const done = Date.now() >= (jobs.get(Number(url.pathname.slice(6))) ?? 0);
    return setTimeout(() => json({ state: done ? 'done' : 'running' }), 5);
  }
  const delay = Number(url.searchParams.get('ms') ?? 5);
  setTimeout(() => json({ service: url.pathname.slice(1), value: (delay * 31) % 97 }), delay);
});
server.listen(Number(process.env.UPSTREAM_PORT), '127.0.0.1');
