// A crawler's frontier: addresses that were seen before are dropped by a Bloom filter.
import { BloomFilter } from './bloom';

const HOSTS = ['news.example', 'blog.example', 'wiki.example', 'shop.example', 'docs.example'];
const SECTIONS = ['archive', 'authors', 'products', 'category', 'tag', 'search/results'];

function* links(count: number): Generator<string> {
  let state = 99;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1597334677) + 12345) >>> 0;
    const page = (state >>> 8) % 90_000;
    yield `https://${HOSTS[page % 5]}/${SECTIONS[page % 6]}/${page}/page-of-the-${page * 31}?utm_source=feed${state % 5}#top`;
  }
}

function canonical(link: string): string {
  const end = link.search(/[?#]/);
  return end < 0 ? link : link.slice(0, end);
}

const seen = new BloomFilter(1 << 20, 5);
const perHost = new Map<string, number>();
let dropped = 0;
for (const link of links(700_000)) {
  const address = canonical(link);
  if (seen.add(address)) {
    dropped += 1;
    continue;
  }
  const host = address.slice(8, address.indexOf('/', 8));
  perHost.set(host, (perHost.get(host) ?? 0) + 1);
}
console.log(`${seen.added} new addresses, ${dropped} known`);
for (const [host, count] of perHost) console.log(`${host}: ${count}`);
