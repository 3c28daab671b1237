export function* feed(count) {
  for (let i = 0; i < count; i++) {
    const lines = Array.from({ length: i % 90 === 0 ? 0 : 20 + (i % 50) }, (_, k) => ({
      sku: `A-${(i * 31 + k) % 5000}`,
      title: `Article ${k} of order ${i}`,
      price: ((i * 17 + k * 13) % 9000) / 100,
      count: 1 + (k % 3),
      options: { colour: ['red', 'green', 'blue'][k % 3], gift: k % 7 === 0 },
    }));
    yield { id: `P-${i}`, customer: `c${i % 25}`, placed: new Date(1.7e12 + i * 1000), lines, address: { city: 'Bremen', zip: '28195' } };
  }
}
