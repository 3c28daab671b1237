// Sells the seats of a concert hall in the order in which the wishes came in.
import { book, type Wish } from './booking';
import { Hall } from './hall';

function* wishes(count: number): Generator<Wish> {
  let state = 12;
  const next = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
  for (let i = 0; i < count; i++) yield { who: `guest ${i}`, people: 1 + next(5), most: [25, 45, 60][next(3)] };
}

const evenings = ['Friday', 'Saturday', 'Sunday'];
for (const [number, evening] of evenings.entries()) {
  const hall = new Hall(26 + number * 2, 30);
  let sold = 0;
  let refused = 0;
  for (const wish of wishes(230)) {
    if (book(hall, wish)) sold += wish.people;
    else refused += 1;
  }
  console.log(`${evening}: ${sold} seats sold, ${refused} refused, ${hall.takings} EUR, ${hall.free.length} left`);
}
