// Books seats: each booking is charged while its connection is held.
import http from 'node:http';
import { Pool } from './pool.mjs';

const pool = new Pool(2, Number(process.env.DATABASE_PORT));

async function charge(card, amount) {
  const response = await fetch(`http://127.0.0.1:${process.env.UPSTREAM_PORT}/charge?ms=180&card=${card}&amount=${amount}`, { method: 'POST' });
  const { value } = await response.json();
  return `receipt-${value}`;
}

async function book(seatId, card) {
  const connection = await pool.acquire();
  try {
    const [seat] = await connection.query({ table: 'seat', ids: [seatId] });
    if (!seat.free) return { error: 'taken' };
    const receipt = await charge(card, 20 + seat.row);
    await connection.query({ table: 'seat', ids: [seatId] });
    return { seat: seat.id, receipt };
  } finally {
    pool.release(connection);
  }
}

async function seats(from) {
  const connection = await pool.acquire();
  try {
    const rows = await connection.query({ table: 'seat', from, count: 20 });
    return rows.filter((seat) => seat.free).length;
  } finally {
    pool.release(connection);
  }
}

const server = http.createServer(async (request, response) => {
  request.resume();
  const url = new URL(request.url, 'http://localhost');
  const result = url.pathname === '/book' ? await book(Number(url.searchParams.get('seat')), 'c1') : { free: await seats(Number(url.searchParams.get('from') ?? 0)) };
  response.writeHead(result.error ? 409 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(result));
});
server.listen(Number(process.env.APP_PORT), '127.0.0.1');
