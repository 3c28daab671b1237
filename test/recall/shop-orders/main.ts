// The orders page of a shop.
import http from 'node:http';
import { Database } from './database';
import { ordersPage, orderTotals } from './orders';

const database = new Database(Number(process.env.DATABASE_PORT));
await database.connect();

const server = http.createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  try {
    if (url.pathname === '/orders') {
      const page = Number(url.searchParams.get('page') ?? 0);
      const orders = await ordersPage(database, page);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ page, orders, totals: orderTotals(orders) }));
    } else response.writeHead(404).end();
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
});
server.listen(Number(process.env.APP_PORT), '127.0.0.1');
