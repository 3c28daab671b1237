// A gateway in front of a slow service for the tiles of maps.
import http from 'node:http';
import { fetchTile, type Tile } from './upstream';

const KEPT = 200;
const recent = new Map<string, Tile>();

function keep(key: string, tile: Tile): void {
  recent.set(key, tile);
  if (recent.size <= KEPT) return;
  const oldest = recent.keys().next().value;
  if (oldest !== undefined) recent.delete(oldest);
}

async function tile(layer: string, at: string): Promise<Tile> {
  const key = `${layer}/${at}`;
  const known = recent.get(key);
  if (known && Date.now() - known.fetched < 50) return known;
  const fresh = await fetchTile(layer, at);
  keep(key, fresh);
  return fresh;
}

const server = http.createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const [, layer, at] = url.pathname.split('/');
  if (!layer || !at) {
    response.writeHead(404).end();
    return;
  }
  try {
    const { value, service } = await tile(layer, at);
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'max-age=5' });
    response.end(JSON.stringify({ layer, at, value, service }));
  } catch (error) {
    response.writeHead(502).end(String(error));
  }
});
server.listen(Number(process.env.APP_PORT), '127.0.0.1');
