// A stand-in for a database server: lines of JSON over TCP, with the delays of a network of 4 ms.
import net from 'node:net';

const DELAY = 4;
const later = (ms, run) => setTimeout(run, ms);

const tables = {
  customer: (id) => ({ id, name: `Customer ${id}`, city: ['Bern', 'Basel', 'Chur'][id % 3] }),
  order: (id) => ({ id, customer: (id * 7) % 400, total: ((id * 37) % 9000) / 100 }),
  seat: (id) => ({ id, row: Math.floor(id / 20), free: id % 3 !== 0 }),
};

function answer({ table, ids, from, count }) {
  const make = tables[table];
  if (!make) return { error: `no table ${table}` };
  if (ids) return { rows: ids.map(make) };
  return { rows: Array.from({ length: count ?? 1 }, (_, i) => make((from ?? 0) + i)) };
}

const server = net.createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  let rest = '';
  let step = 0;
  socket.on('data', (data) => {
    rest += data;
    const lines = rest.split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (step < 3) {
        // Hello, challenge and proof: three round trips before the first query.
        step++;
        later(DELAY * 2, () => socket.writable && socket.write(`${JSON.stringify({ step })}\n`));
        continue;
      }
      const query = JSON.parse(line);
      later(DELAY, () => socket.writable && socket.write(`${JSON.stringify({ id: query.id, ...answer(query) })}\n`));
    }
  });
});
server.listen(Number(process.env.DATABASE_PORT), '127.0.0.1');
