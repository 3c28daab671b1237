function same(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

function bySku(list) {
  return new Map(list.map((one) => [one.sku, one]));
}

/** What is new, changed and gone in a list of articles. */
export function changes(stock, list) {
  const known = bySku(stock);
  const offered = bySku(list);
  const differing = list.filter((one) => !stock.some((other) => same(other, one)));
  return {
    added: differing.filter(({ sku }) => !known.has(sku)),
    changed: differing.filter(({ sku }) => known.has(sku)),
    gone: stock.filter(({ sku }) => !offered.has(sku)),
  };
}

/** The value of what is in stock, in cents. */
function valueOf(articles) {
  return articles.reduce((sum, { price, variants }) => sum + price.amount * variants.reduce((all, { stock }) => all + stock, 0), 0);
}

export function summary({ added, changed, gone }) {
  const lines = Object.entries({ added, changed, gone }).map(([name, list]) => `${name}: ${list.length} (${(valueOf(list) / 100).toFixed(2)})`);
  return lines.join(', ');
}
