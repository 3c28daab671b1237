import { quoteFor, cacheStats, type Profile } from './tariffs';

const REGIONS = ['north', 'south', 'west', 'islands'];
const CLASSES = ['small', 'medium', 'large', 'bulky'];

interface Parcel {
  id: number;
  region: string;
  size: string;
  zone: number;
}

function parcels(count: number): Parcel[] {
  return Array.from({ length: count }, (_, id) => ({
    id,
    region: REGIONS[(id * 7) % REGIONS.length],
    size: CLASSES[(id * 3 + (id >> 3)) % CLASSES.length],
    zone: (id * 11) % 9,
  }));
}

function profileOf(parcel: Parcel): Profile {
  return { region: parcel.region, size: parcel.size, zone: parcel.zone };
}

const totals = new Map<string, { parcels: number; cost: number }>();
for (const parcel of parcels(3600)) {
  const quote = quoteFor(profileOf(parcel));
  const sum = totals.get(parcel.region) ?? { parcels: 0, cost: 0 };
  sum.parcels++;
  sum.cost += quote.price;
  totals.set(parcel.region, sum);
}

for (const [region, sum] of totals) {
  console.log(`${region.padEnd(8)} ${sum.parcels} parcels, ${sum.cost.toFixed(2)} EUR`);
}
console.log(`${cacheStats().entries} tariffs kept`);
