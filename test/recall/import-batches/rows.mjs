const TOWNS = ['Aachen', 'Bonn', 'Celle', 'Dessau', 'Erfurt', 'Fulda', 'Gera', 'Halle'];

export function* lines(count) {
  let state = 42;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 22695477) + 1) >>> 0;
    yield `${i};${TOWNS[state % 8]};${(state % 90000) / 100};2024-${String(1 + (i % 12)).padStart(2, '0')}-${String(1 + (state % 28)).padStart(2, '0')};${state % 7 ? 'paid' : 'open'}`;
  }
}

export function parse(line) {
  const [id, town, amount, date, state] = line.split(';');
  return { id: Number(id), town, amount: Number(amount), month: date.slice(0, 7), open: state === 'open' };
}
