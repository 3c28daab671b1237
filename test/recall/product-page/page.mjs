import { createElement as h } from 'react';
import { renderToString } from 'react-dom/server';
import { currency, siteName } from './config.mjs';

const format = new Intl.NumberFormat('en', { style: 'currency', currency });

function Stars({ value }) {
  const stars = [];
  for (let i = 1; i <= 5; i++) stars.push(h('span', { key: i, className: i <= value ? 'star on' : 'star' }, '★'));
  return h('span', { className: 'stars' }, stars);
}

function Price({ cents, before }) {
  return h('p', { className: 'price' }, format.format(cents / 100), before ? h('s', null, format.format(before / 100)) : null);
}

function Card({ product }) {
  return h(
    'li',
    { className: 'card', id: product.sku },
    h('h3', null, product.name),
    h(Stars, { value: product.rating }),
    h(Price, { cents: product.cents, before: product.before }),
    h('ul', null, product.tags.map((t) => h('li', { key: t }, t))),
  );
}

function Page({ title, products }) {
  return h('main', null, h('h1', null, `${siteName}: ${title}`), h('ol', null, products.map((p) => h(Card, { key: p.sku, product: p }))));
}

export function renderPage(props) {
  return '<!doctype html><html><body>' + renderToString(h(Page, props)) + '</body></html>';
}
