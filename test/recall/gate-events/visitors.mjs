/** The visitors of some days, by the minute they come and the minutes they stay. */
export function* arrivals(count, seed) {
  let state = seed;
  const next = (below) => {
    state = (Math.imul(state, 214013) + 2531011) >>> 0;
    return (state >>> 9) % below;
  };
  let time = 0;
  for (let ticket = 1; ticket <= count; ticket++) {
    time += next(3) === 0 ? 1 : 0;
    yield { ticket, time, stay: 3900 + next(180), heard: [], hear: null };
  }
}
