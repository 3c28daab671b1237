import './config.mjs';
import http from 'node:http';
import { renderPage } from './page.mjs';
import { findProducts } from './products.mjs';

const server = http.createServer((req, res) => {
  const url = new URL(req.url, 'http://localhost');
  if (url.pathname !== '/products') {
    res.statusCode = url.pathname === '/health' ? 200 : 404;
    res.end();
    return;
  }
  const products = findProducts(url.searchParams.get('category'), 240);
  const html = renderPage({ title: url.searchParams.get('category') ?? 'All products', products });
  res.setHeader('content-type', 'text/html; charset=utf-8');
  res.end(html);
});

server.listen(Number(process.env.PORT), '127.0.0.1');
