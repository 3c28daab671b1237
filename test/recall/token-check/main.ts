// Checks the tokens of the requests that a gateway has recorded during a day.
import { Refused, TokenCheck } from './check';
import { createIssuers, issue } from './issuers';

const NOW = 1_790_000_000;

function* requests(tokens: string[], count: number): Generator<{ path: string; token: string }> {
  for (let i = 0; i < count; i++) {
    const token = tokens[(i * 7) % tokens.length];
    yield { path: `/items/${i % 90}`, token: i % 500 === 13 ? `${token.slice(0, -4)}AAAA` : token };
  }
}

class Statistics {
  readonly users = new Set<string>();
  readonly refused: Record<string, number> = {};
  private readonly paths = new Map<string, number>();

  accept(user: string, path: string): void {
    this.users.add(user);
    this.paths.set(path, (this.paths.get(path) ?? 0) + 1);
  }

  refuse(reason: string): void {
    this.refused[reason] = (this.refused[reason] ?? 0) + 1;
  }

  busiest(): [string, number] {
    let best: [string, number] = ['', 0];
    for (const one of this.paths) if (one[1] > best[1]) best = one;
    return best;
  }
}

const pairs = createIssuers(['accounts', 'partners', 'devices']);
const tokens = Array.from({ length: 150 }, (_, i) => issue(pairs[i % 3], `user${i}`, NOW + (i % 20 === 0 ? -60 : 3600)));
const check = new TokenCheck(pairs.map(({ issuer }) => issuer));
const statistics = new Statistics();
for (const { path, token } of requests(tokens, 16_000)) {
  try {
    statistics.accept(check.claims(token, NOW).sub, path);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    statistics.refuse(error.message);
  }
}
console.log(`${statistics.users.size} users, busiest ${statistics.busiest().join(': ')}`);
console.log(statistics.refused);
