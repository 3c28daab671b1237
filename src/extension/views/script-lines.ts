/** More lenses help nobody. */
const MOST = 500;

/** Where the scripts of a `package.json` stand: names at the first level of `"scripts": { … }`, a line each. */
export function scriptLines(text: string): { readonly name: string; readonly line: number }[] {
  const start = /"scripts"\s*:\s*\{/.exec(text);
  if (!start) return [];
  const found: { name: string; line: number }[] = [];
  let at = start.index + start[0].length;
  const entry = /\s*,?\s*("(?:[^"\\\n]|\\.)*")\s*:\s*"(?:[^"\\\n]|\\.)*"/y;
  for (; found.length < MOST; ) {
    entry.lastIndex = at;
    const match = entry.exec(text);
    if (!match) return found;
    const nameAt = match.index + match[0].indexOf(match[1] as string);
    found.push({ name: JSON.parse(match[1] as string) as string, line: text.slice(0, nameAt).split('\n').length - 1 });
    at = entry.lastIndex;
  }
  return found;
}
