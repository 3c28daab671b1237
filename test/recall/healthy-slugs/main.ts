// Makes the addresses of the articles of an archive out of their titles.
import { Slugs } from './slugs';

const WORDS = ['Über', 'große', 'Fragen', 'der', 'Zeit', 'Été', 'indien', 'à', 'Liège', 'why', 'owls', 'fly', 'at', 'night', '1984', 'revisited'];

function* titles(count: number): Generator<string> {
  let state = 29;
  for (let i = 0; i < count; i++) {
    const words: string[] = [];
    for (let j = 0; j < 4 + (state % 5); j++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      words.push(WORDS[(state >>> 10) % WORDS.length]);
    }
    yield `${words.join(' ')}${i % 3 === 0 ? '!' : ''}`;
  }
}

const slugs = new Slugs();
let longest = '';
let count = 0;
for (const title of titles(1_000_000)) {
  const made = slugs.take(title);
  if (made.length > longest.length) longest = made;
  count += 1;
}
console.log(`${count} addresses, ${slugs.invalid} invalid, longest ${longest}`);
