// Takes the comments of an old forum over: cleans their text and counts what is in them.
import { comments } from './archive.mjs';
import { tidy, words } from './text.mjs';

const SHORT = 3;

function mentions(text) {
  return [...text.matchAll(/(?:^|\s)@([a-z][a-z0-9_]{2,20})/gi)].map(([, name]) => name.toLowerCase());
}

function convert(comment) {
  const text = tidy(comment.text);
  return { id: comment.id, author: comment.author.trim(), text, words: words(text).length, mentions: mentions(text) };
}

function mostMentioned(list, count) {
  const times = new Map();
  for (const { mentions: names } of list) for (const name of names) times.set(name, (times.get(name) ?? 0) + 1);
  return [...times].sort((a, b) => b[1] - a[1]).slice(0, count);
}

const converted = [];
const dropped = [];
for (const comment of comments(60_000)) {
  const one = convert(comment);
  if (one.words < SHORT && one.mentions.length === 0) dropped.push(one.id);
  else converted.push(one);
}
const longest = converted.reduce((a, b) => (b.text.length > a.text.length ? b : a));
console.log(`${converted.length} taken over, ${dropped.length} dropped, the longest is ${longest.id} with ${longest.text.length} characters`);
for (const [name, times] of mostMentioned(converted, 5)) console.log(`@${name}: ${times}`);
