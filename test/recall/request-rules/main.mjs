// Replays a day's posts against the rules of the firewall, to see what a new rule would have blocked.
import { posts } from './requests.mjs';
import { rules, verdict } from './rules.mjs';

const perRule = new Map(rules.map((rule) => [rule.id, 0]));
const perForm = { contact: 0, review: 0 };
const suspects = new Set();
let blocked = 0;
let seen = 0;

for (const post of posts(380)) {
  seen += 1;
  const result = verdict(post.body);
  for (const id of result.hits) perRule.set(id, perRule.get(id) + 1);
  if (!result.blocked) continue;
  blocked += 1;
  perForm[post.form] += 1;
  suspects.add(post.address.split('.').slice(0, 3).join('.'));
}

console.log(`${seen} posts, ${blocked} blocked (${perForm.contact} contact, ${perForm.review} review) from ${suspects.size} networks`);
for (const [id, hits] of perRule) console.log(`${id.padEnd(14)} ${hits}`);
