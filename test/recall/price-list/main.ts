// Prints a price list for three countries as HTML.
import { euros, loadProducts, type Product } from './products';

const COUNTRIES = [
  { locale: 'de-DE', tax: 0.19 },
  { locale: 'fr-FR', tax: 0.2 },
  { locale: 'en-IE', tax: 0.23 },
];

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string) => text.replace(/[&<>"]/g, (c) => ENTITIES[c]);

function row(product: Product, locale: string, tax: number): string {
  const gross = product.net * (1 + tax);
  const cells = [
    escape(product.name),
    escape(product.maker),
    euros(product.net, locale),
    euros(gross, locale),
    product.stock > 0 ? 'in stock' : 'sold out',
  ];
  return `<tr><td>${cells.join('</td><td>')}</td></tr>`;
}

function page(products: Product[], locale: string, tax: number): string {
  const groups = new Map<string, Product[]>();
  for (const product of products) {
    const group = groups.get(product.maker) ?? [];
    group.push(product);
    groups.set(product.maker, group);
  }
  let html = `<html lang="${locale.slice(0, 2)}"><body>`;
  for (const [maker, list] of groups) {
    html += `<h2>${escape(maker)}</h2><table>${list.map((one) => row(one, locale, tax)).join('\n')}</table>`;
  }
  return `${html}</body></html>`;
}

const products = loadProducts(9000);
for (const { locale, tax } of COUNTRIES) console.log(locale, page(products, locale, tax).length);
