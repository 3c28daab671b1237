import { InvertedIndex } from './inverted-index.mjs';
import { decisions } from './decisions.mjs';

const QUERIES = ['tenant deposit return', 'seller warranty defect', 'employment notice period', 'damage parking vehicle', 'contract offer withdrawal'];

const index = new InvertedIndex();
let documents = 0;
for (const decision of decisions(22000)) {
  index.add(decision.id, decision.text);
  documents++;
}
index.finish();

let hits = 0;
const best = new Map();
for (let round = 0; round < 2; round++) {
  for (const query of QUERIES) {
    const found = index.search(query, 10);
    hits += found.length;
    if (found.length) best.set(query, found[0]);
  }
}

console.log(`${documents} decisions, ${index.size} terms, ${hits} hits`);
for (const [query, top] of best) console.log(`${query}: ${top.id} (${top.score.toFixed(3)})`);
