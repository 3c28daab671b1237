const PARTS = ['the lessee', 'the lessor', 'a deposit', 'the premises', 'written notice', 'three months', 'the first of the month', 'reasonable care', 'the common garden', 'both parties', 'a fee of', 'any repair'];
const VERBS = ['shall pay', 'may not change', 'agrees to', 'is liable for', 'must return', 'gives'];

function clause(next) {
  const words = [];
  for (let i = 0; i < 3 + next(3); i++) words.push(`${PARTS[next(12)]} ${VERBS[next(6)]} ${PARTS[next(12)]}`);
  return `${words.join(', and ')}.`;
}

/** The versions of a contract: each changes some clauses of the one before, and adds a few. */
export function versions(count, clauses, seed) {
  let state = seed;
  const next = (below) => {
    state = (Math.imul(state, 69069) + 1) >>> 0;
    return (state >>> 7) % below;
  };
  let lines = Array.from({ length: clauses }, () => clause(next));
  const texts = [`${lines.join('\n')}\n`];
  while (texts.length < count) {
    lines = lines.map((line) => (next(9) === 0 ? clause(next) : line));
    lines.splice(next(lines.length), 0, clause(next));
    texts.push(`${lines.join('\n')}\n`);
  }
  return texts;
}
