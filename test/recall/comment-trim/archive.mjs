const PARTS = ['I tried this @anna and it works', 'no idea what you mean &amp; why', '  thanks a lot @peter ', 'see the manual, page 12', 'same here\u200c'];

/** The comments of the archive; in a few, players have pasted the screen of a game. */
export function* comments(count) {
  for (let i = 0; i < count; i++) {
    const lines = Array.from({ length: 1 + (i % 4) }, (_, line) => PARTS[(i + line * 3) % PARTS.length]);
    if (i % 7500 === 1200) lines.push(`-- play happy sound${' '.repeat(22_000)}for player to enjoy`);
    yield { id: i + 1, author: `user${i % 311} `, text: lines.join('\r\n') };
  }
}
