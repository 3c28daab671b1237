// Recalculates the prices of a canteen's dishes for each day's market, and lists the dearest.
import { dishes, Kitchen } from './dag.mjs';

let sum = 0;
const dearest = [];
for (let day = 1; day <= 190; day++) {
  const menu = dishes(6000, day * 7919);
  const kitchen = new Kitchen(menu);
  let most = 0;
  let name = '';
  for (const dish of menu.keys()) {
    const price = kitchen.price(dish);
    sum += price;
    if (price > most) {
      most = price;
      name = dish;
    }
  }
  dearest.unshift(name);
  if (dearest.length > 3) dearest.pop();
}
console.log(`mean ${(sum / 190 / 6000).toFixed(2)}; the dearest of the last days: ${dearest.join(', ')}`);
