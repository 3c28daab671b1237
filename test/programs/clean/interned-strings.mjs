// A table of words that are known: text of few words fills it once.
const known = new Map();
let calls = 0;

function intern(text) {
  const before = known.get(text);
  if (before !== undefined) return before;
  known.set(text, text);
  return text;
}

export function exercise() {
  const n = calls++;
  return ['red', 'green', 'blue'].map((colour) => intern(`${colour}-${n % 15}`));
}
