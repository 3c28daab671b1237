const WORDS = ('river harbour museum railway council bridge parish century merchant founded district ' +
  'valley station market library festival population school garden tower wall street canal mill').split(' ');

function random(seed) {
  let s = seed + 1;
  return () => {
    s ^= s << 13;
    s ^= s >>> 17;
    s ^= s << 5;
    return (s >>> 0) / 4294967296;
  };
}

function sentence(rnd) {
  const n = 6 + Math.floor(rnd() * 10);
  const words = Array.from({ length: n }, () => WORDS[Math.floor(rnd() * WORDS.length)]);
  words[0] = words[0][0].toUpperCase() + words[0].slice(1);
  return words.join(' ') + '.';
}

const paragraph = (rnd) => Array.from({ length: 5 }, () => sentence(rnd)).join(' ');

export function makePage(number, editors, edits) {
  const rnd = random(number * 977 + 3);
  let paragraphs = Array.from({ length: 27 }, () => paragraph(rnd));
  const revisions = [{ editor: editors[0], at: '2023-01-01T08:00', text: paragraphs.join('\n') }];
  for (let e = 0; e < edits; e++) {
    paragraphs = paragraphs.map((p) => (rnd() < 0.2 ? paragraph(rnd) : p));
    if (rnd() < 0.5) paragraphs.push(paragraph(rnd));
    const day = String(1 + Math.floor(rnd() * 27)).padStart(2, '0');
    revisions.push({
      editor: editors[Math.floor(rnd() * editors.length)],
      at: `2023-0${1 + (e % 9)}-${day}T10:00`,
      text: paragraphs.join('\n'),
    });
  }
  return { title: `Town ${number}`, revisions };
}
