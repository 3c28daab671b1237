const OPENERS = ['I think', 'As far as I know', 'Well,', 'On my machine', 'Thanks!', '> quoted text\nYes,'];
const BODIES = ['this works since version 3', 'the table below shows it', 'use &quot;strict&quot; here', 'a &lt; b holds for every row'];

function makeRandom(seed) {
  let state = seed * 2654435761 >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

// output pasted from terminals and spreadsheets comes padded
function pastedTable(rnd) {
  const rows = [];
  for (let r = 0; r < 3; r++) {
    const gap = ' '.repeat(1500 + Math.floor(rnd() * 4500));
    rows.push(`    row${r}${gap}| ${Math.floor(rnd() * 1000)}   `);
  }
  return rows.join('\n');
}

export function threads(count) {
  const list = [];
  for (let id = 0; id < count; id++) {
    const rnd = makeRandom(id + 1);
    const comments = [];
    const n = 5 + Math.floor(rnd() * 15);
    for (let i = 0; i < n; i++) {
      const opener = OPENERS[Math.floor(rnd() * OPENERS.length)];
      let body = `${opener} ${BODIES[Math.floor(rnd() * BODIES.length)]}.  \n\n`;
      if (rnd() < 0.3) body += pastedTable(rnd);
      comments.push({ author: `user${Math.floor(rnd() * 50)}`, body: body + '\n\n' });
    }
    list.push({ id, comments });
  }
  return list;
}
