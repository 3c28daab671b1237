// Cleans the comments of a blog that were kept as people had sent them.
import { clean } from './clean.mjs';

const PARTS = [
  '<p>Nice, <b onclick="steal()">thanks</b>!</p>',
  '<p>See <a href="https://example.org/a?b=1" style="color: red">here</a> or <a href="javascript:alert(1)">there</a>.</p>',
  '<script>alert(document.cookie)</script>',
  '<font size="7"><em>LOUD</em> words</font>',
  '<ul><li>one<li>two <code>x &lt; y</code></ul>',
  '<blockquote>as you said<iframe src="//ads.example"></iframe></blockquote>',
];

function* comments(count) {
  for (let i = 0; i < count; i++) {
    const parts = Array.from({ length: 1 + (i % 5) }, (_, k) => PARTS[(i * 5 + k) % PARTS.length]);
    yield { id: i, author: `reader${i % 70}`, html: parts.join('\n') };
  }
}

function textOf(html) {
  return html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim();
}

function summary(list) {
  const authors = new Map();
  for (const { author, html } of list) authors.set(author, (authors.get(author) ?? 0) + textOf(html).length);
  return [...authors].sort((a, b) => b[1] - a[1]).slice(0, 3);
}

const cleaned = [];
let removed = 0;
for (const comment of comments(170)) {
  const html = clean(comment.html);
  removed += comment.html.length - html.length;
  cleaned.push({ ...comment, html });
}
console.log(cleaned[4].html);
console.log(`${cleaned.length} comments, ${removed} characters less`);
for (const [author, length] of summary(cleaned)) console.log(author, length);
