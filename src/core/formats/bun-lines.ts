import type { RawProfile } from '../profile/build/raw-profile';

/**
 * Whether a `.cpuprofile` is one of Bun 1.3.0 to 1.3.12, by its first bytes: frames of
 * a file have the script number 0 there, which V8 gives to what is in no file only.
 */
export const isOldBun = (head: Uint8Array): boolean => /"scriptId"\s*:\s*"?0"?\s*,\s*"url"\s*:\s*"(?!node:)[^"]/.test(String.fromCharCode(...head));

/**
 * Makes functions of what old Bun wrote for each line of one: `lineNumber` is the line
 * that runs there, counted from 1 (oven-sh/bun issue 29240). Frames of one name and file
 * are one function, and their samples are ticks of their lines; where it begins, the file
 * does not say. Functions without a name cannot be told from each other: each line stays one.
 */
export function withBunFunctions(raw: RawProfile): void {
  if (raw.tickLine.length > 0 || !hasFunctionsInParts(raw)) return;
  const { functions } = raw;
  const whole = new Map<string, number>();
  const ticks = ticksOfNodes(raw);
  for (let row = 0; row < raw.ids.length; row++) {
    const func = raw.func.at(row);
    const line = functions.line.at(func);
    if (functions.url.at(func) === 0 || line < 1) continue;
    raw.func.set(row, functions.name.at(func) === 0 ? functions.intern(0, functions.url.at(func), line - 1, -1) : wholeOf(func));
    const count = ticks(row);
    if (count === 0) continue;
    raw.tickNode.push(row);
    raw.tickLine.push(line);
    raw.tickCount.push(count);
  }
  function wholeOf(func: number): number {
    const key = `${functions.name.at(func)} ${functions.url.at(func)}`;
    let one = whole.get(key);
    if (one === undefined) {
      one = functions.intern(functions.name.at(func), functions.url.at(func), -1, -1);
      whole.set(key, one);
    }
    return one;
  }
}

/** Whether one name of one file stands on several lines: else nothing shows what the lines mean. */
function hasFunctionsInParts({ functions: { name, url, line } }: RawProfile): boolean {
  const lines = new Map<string, number>();
  for (let func = 0; func < name.length; func++) {
    if (name.at(func) === 0 || url.at(func) === 0) continue;
    const key = `${name.at(func)} ${url.at(func)}`;
    const known = lines.get(key);
    if (known !== undefined && known !== line.at(func)) return true;
    lines.set(key, line.at(func));
  }
  return false;
}

/** How many samples a node has, or what it says itself where there are no samples. */
function ticksOfNodes(raw: RawProfile): (row: number) => number {
  if (raw.sampleIds.length === 0) return (row) => raw.hitCount.at(row);
  const counts = new Map<number, number>();
  for (let i = 0; i < raw.sampleIds.length; i++) counts.set(raw.sampleIds.at(i), (counts.get(raw.sampleIds.at(i)) ?? 0) + 1);
  return (row) => counts.get(raw.ids.at(row)) ?? 0;
}
