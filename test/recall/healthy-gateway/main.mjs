// A gateway that puts a page together from three services, over connections that are kept.
import http from 'node:http';

const port = Number(process.env.UPSTREAM_PORT);
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

function get(path) {
  return new Promise((resolve, reject) => {
    const request = http.get({ host: '127.0.0.1', port, path, agent }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

function row({ service, value }) {
  return `<li>${service}: ${value}</li>`;
}

async function page(user) {
  const parts = await Promise.all([get(`/profile-${user}?ms=30`), get(`/orders-${user}?ms=45`), get('/news?ms=25')]);
  return `<!doctype html><title>${user}</title><ul>${parts.map(row).join('')}</ul>`;
}

const server = http.createServer((request, response) => {
  const user = /^\/users\/(\w+)$/.exec(request.url)?.[1];
  if (!user) return response.writeHead(404).end();
  return page(user).then(
    (html) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(html);
    },
    (error) => response.writeHead(502).end(String(error)),
  );
});
server.listen(Number(process.env.APP_PORT), '127.0.0.1');
