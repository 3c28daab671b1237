export interface ImportRecord {
  model: 'order' | 'customer';
  payload: Record<string, unknown>;
}

function lcg(seed: number) {
  let s = seed >>> 0;
  return () => (s = (Math.imul(s, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

const cities = ['Berlin', 'Wien', 'Bern', 'Utrecht', 'Lyon'];
const countries = ['DE', 'AT', 'CH', 'NL', 'FR'];

export function readBatch(batch: number, size: number): ImportRecord[] {
  const rnd = lcg(batch * 7919 + 17);
  const addr = () => {
    const i = Math.floor(rnd() * 5);
    return { street: `Hauptstr. ${Math.floor(rnd() * 90)}`, city: cities[i], zip: String(10000 + Math.floor(rnd() * 80000)), country: countries[i] };
  };
  const records: ImportRecord[] = [];
  for (let i = 0; i < size; i++) {
    if (rnd() < 0.25) {
      records.push({
        model: 'customer',
        payload: { id: `C-${10000 + i}`, name: `Kunde ${i}`, email: rnd() < 0.1 ? 'broken' : `k${i}@example.org`, addresses: [addr(), addr()] },
      });
      continue;
    }
    const lines = Array.from({ length: 1 + Math.floor(rnd() * 6) }, (_, n) => ({
      sku: `ABC-${n}${i}`,
      qty: rnd() < 0.03 ? 0 : 1 + Math.floor(rnd() * 9),
      unitPrice: Math.round(rnd() * 9000) / 100 + 0.5,
    }));
    records.push({
      model: 'order',
      payload: { id: `O-${String(100000 + i)}`, customerId: `C-${10000 + i}`, placedAt: '2024-03-01T10:00', channel: 'web', shipTo: addr(), lines },
    });
  }
  return records;
}
