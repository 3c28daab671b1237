// The start page of a shop, put together by the flags that are on for a user.
import http from 'node:http';
import { Flags } from './flags.mjs';
import { PAGE_FLAGS, writeFlags } from './setup.mjs';

const flags = new Flags(writeFlags());
const COUNTRIES = ['DE', 'AT', 'FR', 'NL', 'PL'];

function userOf(url) {
  const id = Number(url.searchParams.get('user') ?? 0);
  return { id, country: COUNTRIES[id % COUNTRIES.length] };
}

function teaser(name, user) {
  const items = Array.from({ length: 12 }, (_, i) => `<li>${name} ${(user.id * 31 + i * 7) % 1000}</li>`);
  return `<section id="${name}"><h2>${name}</h2><ul>${items.join('')}</ul></section>`;
}

function page(user) {
  const sections = PAGE_FLAGS.filter((name) => flags.isOn(name, user)).map((name) => teaser(name, user));
  return `<!doctype html><title>Shop</title><main>${sections.join('\n')}</main>`;
}

const server = http.createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname !== '/') {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(page(userOf(url)));
});
server.listen(Number(process.env.APP_PORT), '127.0.0.1');
