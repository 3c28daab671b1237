const SYLLABLES = ['ba', 'cor', 'del', 'en', 'fri', 'gol', 'har', 'in', 'jun', 'ka', 'lor', 'mi', 'nor', 'os', 'pel', 'qua', 'ri', 'sta', 'tor', 'ul', 'ver', 'wen', 'xa', 'yl', 'zo'];

export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function vocabulary(size, random) {
  const words = new Set();
  while (words.size < size) {
    const count = 2 + Math.floor(random() * 3);
    words.add(Array.from({ length: count }, () => SYLLABLES[Math.floor(random() * SYLLABLES.length)]).join(''));
  }
  return [...words];
}

/** A novel: some words are frequent, most are rare. */
export function novel({ chapters, sentences, seed }) {
  const random = randomFrom(seed);
  const words = vocabulary(5200, random);
  const pick = () => words[Math.floor(words.length * random() ** 2.2)];
  return Array.from({ length: chapters }, () =>
    Array.from({ length: sentences }, () => {
      const sentence = Array.from({ length: 6 + Math.floor(random() * 12) }, pick).join(' ');
      return `${sentence[0].toUpperCase()}${sentence.slice(1)}${random() < 0.2 ? '?' : '.'}`;
    }).join(' '),
  );
}
