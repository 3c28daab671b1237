const WORDS = 'the of river boat morning light market under bridge slowly water stone remember evening walk train window garden'.split(' ');

function paragraph(seed: number): string {
  let text = '';
  let n = seed;
  for (let i = 0; i < 90; i++) {
    n = (Math.imul(n, 1664525) + 1013904223) >>> 0;
    text += `${WORDS[n % WORDS.length]}${n % 11 === 0 ? '.' : ''} `;
  }
  return `<p id="p${seed}">${text}</p>`;
}

export function articlePage(id: number, now: Date): string {
  const parts = [`<!doctype html><html><head><title>Article ${id}</title></head><body><time>${now.toISOString()}</time>`];
  for (let i = 0; i < 120; i++) parts.push(paragraph(id * 1000 + i));
  return `${parts.join('\n')}</body></html>`;
}
