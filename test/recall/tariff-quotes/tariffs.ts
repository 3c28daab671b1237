import { memoize } from './memoize';

export interface Profile {
  region: string;
  size: string;
  zone: number;
}

export interface Quote {
  price: number;
  legs: number;
}

const HUBS = 140;

function legCost(profile: Profile, from: number, to: number): number {
  const spread = Math.abs(from - to) + 1;
  const base = profile.region === 'islands' ? 1.9 : 1.1;
  const bulk = profile.size === 'bulky' ? 2.4 : profile.size === 'large' ? 1.6 : 1;
  return base * bulk * (0.4 + ((from * 31 + to * 17 + profile.zone) % 23) / 10) + Math.log2(spread) * 0.3;
}

// cheapest chain of at most six legs through the hubs
function cheapestChain(profile: Profile): Quote {
  let cost = new Float64Array(HUBS).fill(Infinity);
  cost[profile.zone] = 0;
  let legs = 0;
  for (let round = 0; round < 6; round++) {
    const next = Float64Array.from(cost);
    let improved = false;
    for (let from = 0; from < HUBS; from++) {
      if (cost[from] === Infinity) continue;
      for (let to = 0; to < HUBS; to++) {
        const c = cost[from] + legCost(profile, from, to);
        if (c < next[to]) {
          next[to] = c;
          improved = true;
        }
      }
    }
    cost = next;
    if (!improved) break;
    legs++;
  }
  return { price: 3.2 + cost[HUBS - 1], legs };
}

const chains = memoize(cheapestChain);

export function quoteFor(profile: Profile): Quote {
  return chains(profile);
}

export function cacheStats() {
  return { entries: chains.size() };
}
