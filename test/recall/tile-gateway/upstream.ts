import http from 'node:http';

export interface Tile {
  service: string;
  value: number;
  fetched: number;
}

const port = Number(process.env.UPSTREAM_PORT);
const agent = new http.Agent({ keepAlive: true, maxSockets: 2, timeout: 5000 });

function get(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.get({ host: '127.0.0.1', port, path, agent }, (response) => {
      if (response.statusCode !== 200) {
        response.resume();
        reject(new Error(`status ${response.statusCode}`));
        return;
      }
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (data: string) => {
        text += data;
      });
      response.on('end', () => resolve(text));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

/** One tile of a layer. */
export async function fetchTile(layer: string, at: string): Promise<Tile> {
  const text = await get(`/${layer}-${at}?ms=40`);
  return { ...JSON.parse(text), fetched: Date.now() };
}
