// An article service: what services of others say is asked for together, and kept for a while.
import http from 'node:http';
import { articleView } from './article';

const server = http.createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const id = Number(url.searchParams.get('id') ?? 0);
  try {
    const view = await articleView(id);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(view));
  } catch (error) {
    response.writeHead(502).end(String(error));
  }
});
server.listen(Number(process.env.APP_PORT), '127.0.0.1');
