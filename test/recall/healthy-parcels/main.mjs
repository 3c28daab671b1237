// Packs boxes as full of value as they can be, and chooses a carrier for each.
import { cost, fill } from './packing.mjs';

const KINDS = ['books', 'glass', 'tools', 'lamps', 'ceramics', 'toys'];
let state = 23;
const next = (below) => {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return (state >>> 9) % below;
};

let value = 0;
let price = 0;
let packed = 0;
for (let box = 0; box < 3600; box++) {
  const items = Array.from({ length: 260 }, () => ({ kind: KINDS[next(6)], weight: 3 + next(90), value: 1 + next(400) }));
  const load = fill(items, 300 + next(1500));
  const kilos = load.reduce((sum, item) => sum + item.weight, 0) / 10;
  packed += load.length;
  value += load.reduce((sum, item) => sum + item.value, 0);
  price += cost(load, kilos);
}
console.log(`${packed} items packed, worth ${value}, carried for ${price.toFixed(2)}`);
