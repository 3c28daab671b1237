// Asks a server for the paths of LOAD over and over, with so many at once, until it is ended.
import http from 'node:http';

const { concurrency, requests } = JSON.parse(process.env.LOAD);
const port = Number(process.env.APP_PORT);
const agent = new http.Agent({ keepAlive: true, maxSockets: concurrency });

function ask({ path, method = 'GET', body }) {
  return new Promise((resolve) => {
    const request = http.request({ host: '127.0.0.1', port, agent, path, method, headers: body ? { 'content-type': 'application/json' } : {} }, (response) => {
      response.resume();
      response.on('end', resolve);
      response.on('error', resolve);
    });
    request.on('error', () => setTimeout(resolve, 100));
    request.end(body ? JSON.stringify(body) : undefined);
  });
}

await Promise.all(
  Array.from({ length: concurrency }, async (_, worker) => {
    for (let i = worker; ; i += concurrency) await ask(requests[i % requests.length]);
  }),
);
