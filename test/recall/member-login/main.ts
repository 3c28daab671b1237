// The login of a members' area; a health check and a profile beside it.
import http from 'node:http';
import { Accounts } from './accounts';

const accounts = new Accounts();
for (let i = 0; i < 3; i++) accounts.add(`member${i}`, `secret-${i}`);
const sessions = new Map<string, string>();

async function readBody(request: http.IncomingMessage): Promise<Record<string, string>> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text === '' ? {} : JSON.parse(text);
}

async function handle(request: http.IncomingMessage): Promise<[number, unknown]> {
  if (request.url === '/health') return [200, { ok: true, sessions: sessions.size }];
  if (request.url === '/login' && request.method === 'POST') {
    const { name, password } = await readBody(request);
    if (!accounts.verify(name, password)) return [401, { error: 'wrong name or password' }];
    const token = accounts.token();
    sessions.set(token, name);
    if (sessions.size > 1000) sessions.clear();
    return [200, { token }];
  }
  return [404, { error: 'not found' }];
}

http
  .createServer(async (request, response) => {
    const [status, body] = await handle(request);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  })
  .listen(Number(process.env.APP_PORT), '127.0.0.1');
