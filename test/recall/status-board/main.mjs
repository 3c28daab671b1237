import Fastify from 'fastify';
import { Board } from './board.mjs';
import { startProbes } from './probes.mjs';

const app = Fastify({ logger: false });
const board = new Board(['web', 'mail', 'dns', 'backup', 'shop']);
board.setMaxListeners(0);

app.decorateRequest('changes', null);

app.addHook('onRequest', async (request) => {
  request.changes = [];
  board.on('change', (change) => {
    request.changes.push(change);
    if (request.changes.length > 20) request.changes.shift();
  });
});

app.get('/status', async (request) => {
  const group = request.query.group;
  const services = board.services().filter((s) => !group || s.group === group);
  return {
    services,
    worst: services.reduce((a, s) => Math.max(a, s.latency), 0),
    changes: request.changes.length,
  };
});

app.get('/check/:name', async (request, reply) => {
  const service = board.get(request.params.name);
  if (!service) return reply.code(404).send({ error: 'no such service' });
  board.report(service.name, 5 + ((service.checks * 13) % 180));
  return { name: service.name, latency: service.latency, changes: request.changes };
});

startProbes(board, 250);
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
