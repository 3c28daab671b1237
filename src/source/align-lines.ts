import { diffArrays } from 'diff';

/**
 * Where the lines of an older text stand in a newer one: `aligned[i]` is the
 * 0-based line now, or -1 for a line that was changed or removed. Longest common
 * subsequence, after what both begin and end with, of the lines that both have: others
 * are in none. Where more than `maxEdits` of those have moved, only what both begin and
 * end with is kept. O((before + after) · maxEdits).
 */
export function alignLines(before: readonly string[], after: readonly string[], maxEdits = 1000): Int32Array {
  const aligned = new Int32Array(before.length).fill(-1);
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) {
    aligned[head] = head;
    head++;
  }
  let tail = 0;
  while (tail < before.length - head && tail < after.length - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) {
    aligned[before.length - 1 - tail] = after.length - 1 - tail;
    tail++;
  }
  const older = sharedRows(before, head, before.length - tail, after.slice(head, after.length - tail));
  const newer = sharedRows(after, head, after.length - tail, before.slice(head, before.length - tail));
  const texts = (rows: readonly number[], of: readonly string[]): string[] => rows.map((row) => of[row] as string);
  const changes = diffArrays(texts(older, before), texts(newer, after), { maxEditLength: maxEdits });
  if (!changes) return aligned;
  let old = 0;
  let now = 0;
  for (const change of changes) {
    const { length } = change.value;
    if (change.added) now += length;
    else if (change.removed) old += length;
    else for (let i = 0; i < length; i++) aligned[older[old++] as number] = newer[now++] as number;
  }
  return aligned;
}

/** The rows from `from` to before `to` whose line the other text has too. */
function sharedRows(lines: readonly string[], from: number, to: number, other: readonly string[]): number[] {
  const known = new Set(other);
  const rows: number[] = [];
  for (let row = from; row < to; row++) if (known.has(lines[row] as string)) rows.push(row);
  return rows;
}

/** A short fingerprint of each line of a text, white space at its end aside (FNV-1a, base 36). */
export function lineFingerprints(text: string): string[] {
  return text.split('\n').map((line) => {
    const trimmed = line.trimEnd();
    let hash = 0x811c9dc5;
    for (let i = 0; i < trimmed.length; i++) hash = Math.imul(hash ^ trimmed.charCodeAt(i), 0x01000193);
    return (hash >>> 0).toString(36);
  });
}
