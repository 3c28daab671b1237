import fastify from 'fastify';
import { people, request } from '../input.mjs';

const app = fastify();
const all = people(200);
const person = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    name: { type: 'string' },
    email: { type: 'string', format: 'email' },
    tags: { type: 'array', items: { type: 'string' } },
  },
};
app.get('/users', { schema: { response: { 200: { type: 'array', items: person } } } }, async () => all.slice(0, 20));
app.get('/users/:id', async ({ params }) => all[Number(params.id)]);
app.post('/users', { schema: { body: { type: 'array', items: person } } }, async ({ body }) => body);
for (let i = 0; i < 40; i++) app.get(`/section${i}/:id`, async ({ params, query }) => ({ i, ...params, ...query }));
await app.listen({ port: 0, host: '127.0.0.1' });
const body = JSON.stringify(all.slice(0, 5));
await request(
  app.server.address().port,
  [{ path: '/users' }, { path: '/users/7' }, { path: '/section39/5?a=1&b=2' }, { path: '/users', method: 'POST', body }, { path: '/none' }],
  3000,
);
await app.close();
