// Plans rooms for a conference centre; the screens are told of every change by a store.
import { newPlan, place } from './planner.mjs';
import { reactive } from './reactive.mjs';

const ROOMS = 40;
const DAYS = 100;

function* wishes(count) {
  let state = 31;
  const next = (below) => {
    state = (Math.imul(state, 134775813) + 1) >>> 0;
    return (state >>> 6) % below;
  };
  for (let who = 1; who <= count; who++) {
    yield { who, day: next(DAYS), from: 8 + next(9), hours: 1 + next(3), people: 2 + next(28), beamer: next(5) === 0 };
  }
}

const changes = new Map();
const plan = reactive(newPlan(ROOMS, DAYS), (path) => {
  const day = path.split('/')[1];
  changes.set(day, (changes.get(day) ?? 0) + 1);
});

let placed = 0;
let refused = 0;
for (const wish of wishes(15_000)) {
  if (place(plan, wish) >= 0) placed += 1;
  else refused += 1;
}

const busiest = [...changes].sort((a, b) => b[1] - a[1])[0];
console.log(`${placed} placed, ${refused} refused; day ${Number(busiest[0]) + 1} changed most: ${busiest[1]} times`);
