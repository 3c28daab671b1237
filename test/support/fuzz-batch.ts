/** One batch of `npm run fuzz`: PROFILE FIRST COUNT. Prints a line of JSON for each case that fails, and one at the end. */
import fs from 'node:fs';
import { damageChecker } from './damage';

const [profile = '', first = '0', count = '0'] = process.argv.slice(2);
const check = damageChecker(fs.readFileSync(profile));
let opened = 0;
for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
  const { isOpened, sentences } = check(seed);
  if (isOpened) opened++;
  if (sentences.length > 0) console.log(JSON.stringify({ seed, sentences }));
}
console.log(JSON.stringify({ opened, megabytes: process.resourceUsage().maxRSS / 1000 }));
