/** Prices of dishes that consist of other dishes; each is worked out once. */
export class Kitchen {
  known = new Map();
  worked = 0;

  constructor(dishes) {
    this.dishes = dishes;
  }

  price(name) {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const { parts, minutes } = this.dishes.get(name);
    this.worked += 1;
    let price = minutes * 0.4;
    for (const [part, amount] of parts) price += typeof part === 'number' ? part * amount : this.price(part) * amount;
    this.known.set(name, price);
    return price;
  }
}

export function dishes(count, seed) {
  let state = seed;
  const next = (below) => {
    state = (Math.imul(state, 69069) + 5) >>> 0;
    return (state >>> 8) % below;
  };
  const all = new Map();
  for (let i = 0; i < count; i++) {
    const parts = Array.from({ length: 2 + next(6) }, () => (i > 10 && next(3) > 0 ? [`dish ${Math.max(0, i - 1 - next(40))}`, 0.05 + next(20) / 200] : [0.2 + next(90) / 10, 0.1]));
    all.set(`dish ${i}`, { parts, minutes: 1 + next(12) });
  }
  return all;
}
