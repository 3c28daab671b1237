import { threads } from './threads.mjs';

const ENTITIES = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };

function decode(text) {
  return text.replace(/&(?:amp|lt|gt|quot|#39);/g, (m) => ENTITIES[m]);
}

function tidyLine(line) {
  return line.replace(/\t/g, '    ').replace(/[\s\u200c]+$/, '');
}

function tidyComment(raw) {
  const lines = decode(raw).split('\n').map(tidyLine);
  while (lines.length && lines[0] === '') lines.shift();
  while (lines.length && lines[lines.length - 1] === '') lines.pop();
  return lines.join('\n');
}

function quoteDepth(comment) {
  let deepest = 0;
  for (const line of comment.split('\n')) {
    let depth = 0;
    while (line[depth] === '>') depth++;
    if (depth > deepest) deepest = depth;
  }
  return deepest;
}

function clean(thread) {
  const result = { id: thread.id, comments: 0, saved: 0, deepest: 0, code: 0 };
  for (const comment of thread.comments) {
    const text = tidyComment(comment.body);
    result.comments++;
    result.saved += comment.body.length - text.length;
    result.deepest = Math.max(result.deepest, quoteDepth(text));
    if (/^ {4}\S/m.test(text)) result.code++;
  }
  return result;
}

let comments = 0;
let saved = 0;
let withCode = 0;
for (const thread of threads(20)) {
  const r = clean(thread);
  comments += r.comments;
  saved += r.saved;
  withCode += r.code;
}
console.log(`${comments} comments cleaned, ${saved} characters saved, ${withCode} with code`);
