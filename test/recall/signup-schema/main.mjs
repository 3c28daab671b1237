// The sign-up service; a load of requests runs against it.
import http from 'node:http';
import { once } from 'node:events';
import { validate } from './validate.mjs';

const users = new Map();

async function body(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

function reply(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

async function signUp(request, response) {
  const user = await body(request);
  const problems = validate(user);
  if (problems.length > 0) return reply(response, 422, { problems });
  if (users.has(user.email)) return reply(response, 409, { problems: ['taken'] });
  users.set(user.email, user);
  return reply(response, 201, { id: users.size });
}

async function load(port, count) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
  const statuses = {};
  await Promise.all(
    Array.from({ length: 8 }, async (_, worker) => {
      for (let i = worker; i < count; i += 8) {
        const request = http.request({ port, agent, method: 'POST', path: '/users' });
        request.end(JSON.stringify({ name: `User ${i}`, email: `u${i % 500}@example.org`, age: i % 70, address: { street: 'High St', city: 'Leeds', zip: i % 5 ? '12345' : 'x' }, tags: ['a', 'b'] }));
        const [response] = await once(request, 'response');
        response.resume();
        await once(response, 'end');
        statuses[response.statusCode] = (statuses[response.statusCode] ?? 0) + 1;
      }
    }),
  );
  agent.destroy();
  return statuses;
}

const server = http.createServer(signUp).listen(0);
await once(server, 'listening');
console.log(await load(server.address().port, 400));
server.close();
