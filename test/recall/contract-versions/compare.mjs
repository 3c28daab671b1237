import { diffChars } from 'diff';

/** What changed from one version to the next, for the margin of the document. */
export function changes(before, after) {
  const marks = [];
  let at = 0;
  for (const part of diffChars(before, after)) {
    if (part.added || part.removed) marks.push({ at, kind: part.added ? 'added' : 'removed', length: part.value.length });
    if (!part.removed) at += part.value.length;
  }
  return marks;
}

export function clausesTouched(marks, text) {
  const touched = new Set();
  const ends = [];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) ends.push(i);
  let clause = 0;
  for (const { at } of marks) {
    while (clause < ends.length - 1 && ends[clause] < at) clause += 1;
    touched.add(clause + 1);
  }
  return touched;
}
