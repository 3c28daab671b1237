// Adds up the orders of a month per city.
import { Client } from './client';
import { chunks, cities } from './months';

const PORT = Number(process.env.DATABASE_PORT);

async function query(request: { table: string; ids: number[] }): Promise<Record<string, string | number>[]> {
  const client = new Client(PORT);
  await client.connect();
  try {
    return await client.query(request);
  } finally {
    client.end();
  }
}

async function part(ids: number[]): Promise<Map<string, number>> {
  const orders = await query({ table: 'order', ids });
  const customers = await query({ table: 'customer', ids: orders.map((order) => Number(order.customer)) });
  const sums = new Map<string, number>();
  orders.forEach((order, i) => {
    const city = String(customers[i].city);
    sums.set(city, (sums.get(city) ?? 0) + Number(order.total));
  });
  return sums;
}

async function report(total: number): Promise<Map<string, number>> {
  const sums = new Map(cities.map((city) => [city, 0]));
  const work = chunks(total, 25);
  const worker = async () => {
    for (let ids = work.next(); !ids.done; ids = work.next()) {
      for (const [city, sum] of await part(ids.value)) sums.set(city, (sums.get(city) ?? 0) + sum);
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  return sums;
}

for (const [city, sum] of await report(5000)) console.log(city, sum.toFixed(2));
