// A gateway for movies whose settings are refreshed while it runs; here with the requests of a soak test.
import http from 'node:http';
import { app, apply } from './app.mjs';
import { fetchSettings } from './settings.mjs';

const ROUNDS = 250;
const PER_ROUND = 12;

const agent = new http.Agent({ keepAlive: true, maxSockets: 6 });

function get(port, path) {
  return new Promise((resolve, reject) => {
    http
      .get({ host: '127.0.0.1', port, path, agent }, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode));
      })
      .on('error', reject);
  });
}

apply(await fetchSettings());
const server = app.listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const { port } = server.address();

const statuses = new Map();
for (let round = 0; round < ROUNDS; round++) {
  const paths = Array.from({ length: PER_ROUND }, (_, i) => [`/title/${round * 7 + i}`, '/', `/members/${i}/watchlist`, `/collections/2024/winter-${i % 9}`][i % 4]);
  for (const status of await Promise.all(paths.map((path) => get(port, path)))) statuses.set(status, (statuses.get(status) ?? 0) + 1);
  apply(await fetchSettings());
}
agent.destroy();
server.close();
console.log([...statuses].sort().map(([status, count]) => `${status}: ${count}`).join(', '));
