const KINDS = ['Screw', 'Bolt', 'Bracket', 'Hinge', 'Cable', 'Switch'];

export function* deliveries(count) {
  for (let i = 0; i < count; i++) {
    const article = (i * 7919) % 1200;
    yield {
      sku: `A${String(article).padStart(5, '0')}`,
      title: `${KINDS[article % KINDS.length]} ${article}, zinc plated, box of ${10 + (article % 5) * 10}`,
      quantity: 5 + (i % 40),
      cost: 0.5 + ((i * 13) % 700) / 100,
      date: `2024-${String(1 + (i % 12)).padStart(2, '0')}-15`,
    };
  }
}
