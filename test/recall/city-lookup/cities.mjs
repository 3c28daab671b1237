const HEADS = ['Neu', 'Alt', 'Ober', 'Nieder', 'Sankt ', 'Bad ', 'Groß', 'Klein', 'West', 'Ost'];
const MIDDLES = ['stein', 'kirch', 'berg', 'wald', 'bach', 'brück', 'feld', 'markt'];
const TAILS = ['hausen', 'heim', 'dorf', 'au', 'ingen', 'stadt', 'rode', 'furt'];
const COUNTRIES = ['DE', 'AT', 'CH'];

export function cities(count) {
  return Array.from({ length: count }, (_, i) => ({
    name: HEADS[i % 10] + MIDDLES[(i * 3) % 8] + TAILS[(i * 5 + (i >> 4)) % 8] + (i > 640 ? ` ${i}` : ''),
    country: COUNTRIES[i % 3],
    population: 300 + ((i * 7919) % 90000),
  }));
}
