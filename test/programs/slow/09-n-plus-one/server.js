// A server that asks another one for each line of an order, one at a time.
const http = require('node:http');

function ask(path) {
  return new Promise((resolve, reject) => {
    http.get(`${process.env.UPSTREAM}${path}`, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => resolve(JSON.parse(body)));
    }).on('error', reject);
  });
}

async function order(lines) {
  const products = [];
  for (let line = 0; line < lines; line++) {
    const product = await ask(`/items/${line}`);
    products.push(product);
  }
  return products;
}

http
  .createServer(async (request, response) => response.end(JSON.stringify(await order(20))))
  .listen(Number(process.env.PORT), '127.0.0.1');
