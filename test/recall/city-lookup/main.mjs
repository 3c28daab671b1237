import Fastify from 'fastify';
import { PrefixIndex } from './prefix-index.mjs';
import { cities } from './cities.mjs';

const app = Fastify({ logger: false });
const index = new PrefixIndex(cities(20000));

const city = {
  type: 'object',
  properties: { name: { type: 'string' }, country: { type: 'string' }, population: { type: 'integer' } },
};

app.get(
  '/suggest',
  {
    schema: {
      querystring: { type: 'object', required: ['q'], properties: { q: { type: 'string', minLength: 1 }, limit: { type: 'integer', maximum: 50, default: 10 } } },
      response: { 200: { type: 'object', properties: { matches: { type: 'array', items: city } } } },
    },
  },
  async (request) => ({ matches: index.suggest(request.query.q, request.query.limit) }),
);

app.get('/health', async () => ({ cities: index.size }));

await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
