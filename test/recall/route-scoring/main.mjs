import { ScorePool } from './pool.mjs';
import { buildNetwork } from './network.mjs';

const network = buildNetwork(9000);
const pool = new ScorePool(2, network);

function requests(count) {
  return Array.from({ length: count }, (_, i) => ({
    from: (i * 131) % network.stops.length,
    to: (i * 977 + 41) % network.stops.length,
    wheelchair: i % 9 === 0,
  }));
}

const scores = await Promise.all(requests(36).map((request) => pool.score(request)));
await pool.close();

const best = scores.reduce((a, b) => (b.score > a.score ? b : a));
const accessible = scores.filter((s) => s.accessible).length;
console.log(`${scores.length} routes scored, ${accessible} accessible`);
console.log(`best: ${best.from} -> ${best.to} (${best.score.toFixed(2)})`);
