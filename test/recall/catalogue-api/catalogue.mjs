const CATEGORIES = ['garden', 'kitchen', 'office', 'sports'];

function review(i, k) {
  return { by: `user${(i * 7 + k) % 500}`, stars: 1 + ((i + k) % 5), text: `Bought it in week ${(i * 3 + k) % 52}; "${i % 2 ? 'good' : 'fair'}" for its price, and it came in time.` };
}

const products = Array.from({ length: 4000 }, (_, i) => ({
  id: i + 1,
  name: `Product ${i}`,
  category: CATEGORIES[i % 4],
  price: { amount: 199 + ((i * 31) % 9000), currency: 'EUR' },
  sizes: ['S', 'M', 'L'].slice(i % 3),
  description: `A thing for the ${CATEGORIES[i % 4]}, made to last. `.repeat(3),
  reviews: Array.from({ length: 4 + (i % 5) }, (_, k) => review(i, k)),
  related: [(i * 7) % 4000, (i * 13) % 4000, (i * 29) % 4000],
}));

export function inCategory(category) {
  return category ? products.filter((one) => one.category === category) : products;
}

export const byId = (id) => products[id - 1];
