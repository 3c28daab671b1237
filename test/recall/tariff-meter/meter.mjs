/** Readings of a meter: what was used in each quarter of an hour, in kWh. */
export function readings(days, seed) {
  let state = seed;
  const used = new Float64Array(days * 96);
  for (let i = 0; i < used.length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    const hour = (i % 96) / 4;
    const base = hour > 6 && hour < 9 ? 0.45 : hour > 17 && hour < 22 ? 0.6 : 0.12;
    used[i] = base * (0.6 + (state / 2 ** 32) * 0.8);
  }
  return used;
}

export function peak(used) {
  let most = 0;
  for (let i = 0; i + 4 <= used.length; i++) most = Math.max(most, used[i] + used[i + 1] + used[i + 2] + used[i + 3]);
  return most;
}
