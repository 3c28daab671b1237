import http from 'node:http';

function feed(number) {
  const items = Array.from({ length: 20 }, (_, i) => `<item><title>News ${number}.${i}</title><pubDate>2024-0${1 + (i % 9)}-11</pubDate></item>`);
  return `<rss><channel><title>Feed ${number}</title>${items.join('')}</channel></rss>`;
}

/** Stands in for the sites of the feeds: some are gone, one is overloaded for a moment. */
export async function startSites() {
  let busy = 2;
  const server = http.createServer((request, response) => {
    const number = Number(request.url.slice('/feed/'.length));
    setTimeout(() => {
      if (number % 5 === 3) response.writeHead(number % 2 ? 404 : 410).end('gone');
      else if (number === 12 && busy-- > 0) response.writeHead(503).end('busy');
      else response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(feed(number));
    }, 15 + (number % 7) * 5);
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return { base: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}
