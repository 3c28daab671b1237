const CARRIERS = [
  { name: 'bike', most: 8, base: 3.9, perKilo: 0.7 },
  { name: 'van', most: 31, base: 5.4, perKilo: 0.35 },
  { name: 'freight', most: 200, base: 29, perKilo: 0.18 },
];

const FRAGILE = ['glass', 'lamps', 'ceramics'];

export function cost(items, kilos) {
  const carrier = CARRIERS.find(({ most }) => kilos <= most);
  const fragile = items.filter(({ kind }) => FRAGILE.includes(kind)).length;
  return carrier.base + carrier.perKilo * kilos + fragile * 0.6;
}

/** The most valuable load for a box, by dynamic programming over its weight in hectograms. */
export function fill(items, room) {
  const best = new Float64Array(room + 1);
  const taken = items.map(() => new Uint8Array(room + 1));
  for (let i = 0; i < items.length; i++) {
    const { weight, value } = items[i];
    for (let left = room; left >= weight; left--) {
      const other = best[left - weight] + value;
      if (other > best[left]) {
        best[left] = other;
        taken[i][left] = 1;
      }
    }
  }
  const load = [];
  for (let i = items.length - 1, left = room; i >= 0; i--) {
    if (taken[i][left] === 0) continue;
    load.push(items[i]);
    left -= items[i].weight;
  }
  return load;
}
