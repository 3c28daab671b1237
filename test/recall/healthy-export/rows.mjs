const TOWNS = ['Aarau', 'Biel', 'Chur', 'Davos', 'Flims'];

export function* rows(count) {
  let state = 4;
  for (let id = 1; id <= count; id++) {
    state = (Math.imul(state, 22695477) + 1) >>> 0;
    yield { id, town: TOWNS[state % 5], amount: (state >>> 7) % 100_000, note: state % 13 ? '' : 'pays "late", often' };
  }
}

export function csv(row) {
  let line = '';
  for (const value of Object.values(row)) {
    if (line !== '') line += ',';
    const text = String(value);
    line += /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }
  return `${line}\n`;
}
