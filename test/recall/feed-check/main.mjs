// Checks the feeds of a reader's subscriptions, four at a time.
import { close, fetchText } from './fetching.mjs';
import { startSites } from './site.mjs';

const AT_ONCE = 4;

function parse(text) {
  return { title: /<title>([^<]*)<\/title>/.exec(text)[1], items: text.match(/<item>/g)?.length ?? 0 };
}

async function check(url) {
  try {
    return { url, ...parse(await fetchText(url)) };
  } catch (error) {
    return { url, error: error.message };
  }
}

const sites = await startSites();
const urls = Array.from({ length: 60 }, (_, i) => `${sites.base}/feed/${i}`)[Symbol.iterator]();
const results = [];

async function work() {
  for (const url of urls) results.push(await check(url));
}

await Promise.all(Array.from({ length: AT_ONCE }, work));
close();
sites.stop();

const broken = results.filter(({ error }) => error);
const items = results.reduce((sum, result) => sum + (result.items ?? 0), 0);
console.log(`${results.length} feeds, ${items} items, ${broken.length} broken`);
console.log(broken.map(({ error }) => error.slice(0, 3)).sort().join(' '));
