// What the app of a shop asks: its products.
import express from 'express';
import { byId, inCategory } from './catalogue.mjs';

const app = express();
app.disable('x-powered-by');
app.set('etag', false);

app.get('/products', (request, response) => {
  const found = inCategory(request.query.category);
  const cheapest = found.reduce((least, { price }) => Math.min(least, price.amount), Number.POSITIVE_INFINITY);
  response.set('cache-control', 'no-store');
  response.json({ count: found.length, cheapest, products: found });
});

app.get('/products/:id', (request, response) => {
  const product = byId(Number(request.params.id));
  if (!product) return response.status(404).json({ error: 'no such product' });
  const stars = product.reviews.reduce((sum, one) => sum + one.stars, 0) / product.reviews.length;
  return response.json({ ...product, stars: Number(stars.toFixed(1)), related: product.related.map((id) => byId(id + 1)?.name) });
});

app.get('/categories', (_request, response) => {
  const counts = {};
  for (const { category } of inCategory()) counts[category] = (counts[category] ?? 0) + 1;
  response.json(counts);
});

app.use((error, _request, response, _next) => {
  response.status(500).json({ error: String(error) });
});

app.listen(Number(process.env.APP_PORT), '127.0.0.1');
