// What if prices changed? Evaluates scenarios over all articles in two threads.
import { Crew } from './crew.mjs';

const GROUPS = ['bread', 'dairy', 'fruit', 'drinks', 'frozen'];

function catalogue(count) {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length: count }, (_, i) => {
    const price = 0.5 + next() * 20;
    return { number: 100_000 + i, name: `article ${i}`, ean: `40${String(i * 7919).padStart(11, '0')}`, price, cost: price * (0.4 + next() * 0.4), sold: Math.floor(next() * 3000), group: GROUPS[i % 5], elasticity: -0.5 - next() * 2 };
  });
}

const articles = catalogue(15_000);
function* tasks() {
  for (let number = 0; number < 200; number++) yield { articles, scenario: { number, change: ((number % 14) - 7) / 50, group: GROUPS[number % 5] } };
}

const crew = new Crew(new URL('worker.mjs', import.meta.url), 2);
const results = await crew.run(tasks());
await crew.close();
const best = results.reduce((most, result) => (result.margin > most.margin ? result : most));
console.log(`${results.length} scenarios, best margin ${best.margin.toFixed(0)} in scenario ${best.number}, turnover ${best.turnover.toFixed(0)}`);
