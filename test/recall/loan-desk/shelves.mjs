const SUBJECTS = ['Astronomy', 'Botany', 'Chess', 'Drawing', 'Economics', 'Fishing', 'Geology'];

export function stock(library, books, members) {
  for (let i = 0; i < books; i++) library.addBook({ barcode: `B${String((i * 7919) % 1_000_003).padStart(7, '0')}`, title: `${SUBJECTS[i % 7]}, volume ${i}`, shelf: i % 210 });
  for (let i = 0; i < members; i++) library.addMember({ card: `C${i}`, name: `Member ${i}` });
}

/** What happens at the desk: day by day books are lent and come back. */
export function* events(count, books, members) {
  let state = 9;
  const next = (below) => {
    state = (Math.imul(state, 22695477) + 1) >>> 0;
    return (state >>> 8) % below;
  };
  for (let i = 0; i < count; i++) {
    const number = next(books);
    yield { day: Math.floor(i / 90), kind: next(5) < 3 ? 'lend' : 'back', barcode: `B${String((number * 7919) % 1_000_003).padStart(7, '0')}`, card: `C${next(members)}` };
  }
}
