// Replays a day of a photo album's requests against the store of thumbnails.
import { RecentCache } from './cache';
import { brightness, render, type Thumb } from './thumbs';

const PICTURES = 24_000;

function* requests(count: number): Generator<number> {
  let state = 123;
  const random = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < count; i++) yield Math.floor(PICTURES * random() ** 2.5);
}

const cache = new RecentCache<Thumb>(2000);

function thumb(number: number): Thumb {
  const key = `album/${number >> 8}/${number}`;
  const kept = cache.get(key);
  if (kept !== undefined) return kept;
  const made = render(`picture ${number}`, number);
  cache.set(key, made);
  return made;
}

let light = 0;
for (const number of requests(26_000)) if (brightness(thumb(number)) > 127) light += 1;
console.log(`${cache.hits} hits, ${cache.misses} misses, ${light} light pictures`);
