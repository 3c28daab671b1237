// The search field of a cookbook: replays what the testers typed.
import { cookbook } from './recipes';
import { search } from './search';

const SESSIONS = ['pumpkin soup', 'leek gratn', 'salmon', 'Chiara', 'lentil curry', 'aplle pie', 'fennel'];

const recipes = cookbook(9000);
let keys = 0;
const firsts = new Map<string, string>();
for (const session of SESSIONS) {
  for (let end = 1; end <= session.length; end++) {
    keys += 1;
    const [first] = search(recipes, session.slice(0, end));
    if (first) firsts.set(session, `${first.title} (${first.score.toFixed(3)})`);
  }
}

console.log(`${recipes.length} recipes, ${keys} keys`);
for (const [session, first] of firsts) console.log(`${session}: ${first}`);
