/** One batch of `npm run fuzz heap`: - FIRST COUNT. Prints a line of JSON for each case that fails, and one at the end. */
import { heapDamageChecker } from './heap-damage';

const [, first = '0', count = '0'] = process.argv.slice(2);
const check = heapDamageChecker();
let opened = 0;
for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
  const { isOpened, sentences } = check(seed);
  if (isOpened) opened++;
  if (sentences.length > 0) console.log(JSON.stringify({ seed, sentences: sentences.map((sentence) => `seed ${seed}: ${sentence}`) }));
}
console.log(JSON.stringify({ opened, megabytes: process.resourceUsage().maxRSS / 1000 }));
