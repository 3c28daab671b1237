// A zoo's app: the phones of the visitors who are inside get the notices of the keepers.
import { Park } from './park.mjs';
import { arrivals } from './visitors.mjs';

const NOTICES = ['feeding of the seals', 'the owls fly', 'last train in ten minutes', 'the shop closes'];

const park = new Park();
const leaving = new Map();
let clock = 0;
let heard = 0;
let silent = 0;

function tick(minute) {
  for (const visitor of leaving.get(minute) ?? []) {
    park.leave(visitor);
    heard += visitor.heard.length;
    if (visitor.heard.length === 0) silent += 1;
  }
  leaving.delete(minute);
  if (minute % 1500 === 0) park.announce(NOTICES[(minute / 1500) % NOTICES.length]);
}

for (const visitor of arrivals(48_000, 77)) {
  while (clock < visitor.time) tick(++clock);
  park.enter(visitor);
  const out = clock + visitor.stay;
  if (!leaving.has(out)) leaving.set(out, []);
  leaving.get(out).push(visitor);
}
while (leaving.size > 0) tick(++clock);

console.log(`${clock} minutes, at most ${park.most} inside, ${heard} notices heard, ${silent} visitors heard none`);
