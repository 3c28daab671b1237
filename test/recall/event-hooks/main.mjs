// Delivers events to the hooks of subscribers.
import { Resolver } from 'node:dns/promises';
import http from 'node:http';

const PORT = Number(process.env.UPSTREAM_PORT);
const resolver = new Resolver();
resolver.setServers([`127.0.0.1:${process.env.NAMES_PORT}`]);
const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });

function* events(count) {
  for (let i = 0; i < count; i++) yield { id: i, host: `hooks${i % 3}.partner.example`, kind: ['created', 'paid', 'sent'][i % 3], amount: (i * 37) % 500 };
}

function post(address, path, text) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: address, port: PORT, path, method: 'POST', agent, headers: { 'content-type': 'application/json' } }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
    request.on('error', reject);
    request.end(text);
  });
}

async function deliver(event) {
  const [address] = await resolver.resolve4(event.host);
  const status = await post(address, `/hook?ms=4&kind=${event.kind}`, JSON.stringify(event));
  return status === 200;
}

async function deliverAll(list, concurrency) {
  const counts = { delivered: 0, failed: 0 };
  const worker = async () => {
    for (let event = list.next(); !event.done; event = list.next()) {
      if (await deliver(event.value)) counts.delivered++;
      else counts.failed++;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return counts;
}

console.log(await deliverAll(events(160), 4));
agent.destroy();
