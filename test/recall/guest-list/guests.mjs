const FIRST = ['Anna', 'Ben', 'Clara', 'Deniz', 'Emil', 'Frida', 'Goran', 'Hanna'];
const LAST = ['Albers', 'Brandt', 'Celik', 'Dorn', 'Ewald', 'Fuchs', 'Grimm'];
const MEALS = ['fish', 'vegetarian', 'vegan', 'chicken'];

export function guests(count) {
  let state = 2;
  return Array.from({ length: count }, (_, i) => {
    state = (Math.imul(state, 48271) + 7) >>> 0;
    return { number: i + 1, name: `${FIRST[(state >>> 4) % 8]} ${LAST[(state >>> 9) % 7]}`, table: 1 + (i % 24), meal: MEALS[(state >>> 13) % 4], child: state % 11 === 0 };
  });
}
