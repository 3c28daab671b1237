const BASE = `http://127.0.0.1:${process.env.UPSTREAM_PORT}`;
const KEPT_MS = 500;
const kept = new Map<string, { at: number; value: Promise<number> }>();

async function ask(service: string, ms: number): Promise<number> {
  const response = await fetch(`${BASE}/${service}?ms=${ms}`);
  const { value } = (await response.json()) as { value: number };
  return value;
}

function lately(service: string, ms: number): Promise<number> {
  const known = kept.get(service);
  if (known && Date.now() - known.at < KEPT_MS) return known.value;
  const value = ask(service, ms);
  kept.set(service, { at: Date.now(), value });
  return value;
}

export async function articleView(id: number): Promise<Record<string, number>> {
  const [price, stock, rating] = await Promise.all([ask('price', 20), ask('stock', 25), lately('rating', 40)]);
  return { id, price, stock, rating };
}
