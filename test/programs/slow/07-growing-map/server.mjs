// A server with a cache by url that nothing is ever taken out of.
import http from 'node:http';

const cache = new Map();

function report(url) {
  const rows = [];
  for (let i = 0; i < 2000; i++) rows.push({ url, i, text: `row ${i} of ${url}` });
  return rows;
}

function cached(url) {
  let found = cache.get(url);
  if (!found) {
    found = report(url);
    cache.set(url, found);
  }
  return found;
}

http.createServer((request, response) => response.end(String(cached(request.url).length))).listen(Number(process.env.PORT), '127.0.0.1');
