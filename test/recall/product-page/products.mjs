const CATEGORIES = ['tools', 'garden', 'paint', 'wood'];

const products = Array.from({ length: 2000 }, (_, i) => ({
  sku: `H${i}`,
  name: `Article no. ${i}`,
  category: CATEGORIES[i % CATEGORIES.length],
  cents: 199 + ((i * 577) % 9000),
  before: i % 5 === 0 ? 10500 : null,
  rating: 1 + (i % 5),
  tags: ['new', 'sale', 'eco'].slice(i % 3),
}));

export function findProducts(category, limit) {
  return products.filter((p) => !category || p.category === category).slice(0, limit);
}
