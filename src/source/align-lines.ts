import { diffArrays } from 'diff';

/**
 * Where the lines of an older text stand in a newer one: `aligned[i]` is the
 * 0-based line now, or -1 for a line that was changed or removed. Longest common
 * subsequence, after what both begin and end with; texts that differ in more than
 * `maxEdits` lines keep only that.
 */
export function alignLines(before: readonly string[], after: readonly string[], maxEdits = 4000): Int32Array {
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
  const changes = diffArrays(before.slice(head, before.length - tail), after.slice(head, after.length - tail), { maxEditLength: maxEdits });
  if (!changes) return aligned;
  let old = head;
  let now = head;
  for (const change of changes) {
    const { length } = change.value;
    if (change.added) now += length;
    else if (change.removed) old += length;
    else for (let i = 0; i < length; i++) aligned[old++] = now++;
  }
  return aligned;
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
