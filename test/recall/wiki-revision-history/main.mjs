import { diffChars } from 'diff';
import { makePage } from './pages.mjs';

const EDITORS = ['amelie', 'bo', 'carlos', 'dina', 'egon'];

function summarise(before, after) {
  const parts = diffChars(before, after);
  let added = 0;
  let removed = 0;
  for (const part of parts) {
    if (part.added) added += part.value.length;
    else if (part.removed) removed += part.value.length;
  }
  return { added, removed, hunks: parts.filter((p) => p.added || p.removed).length };
}

function contribution(page) {
  const credit = new Map();
  const timeline = [];
  for (let i = 1; i < page.revisions.length; i++) {
    const prev = page.revisions[i - 1];
    const next = page.revisions[i];
    const change = summarise(prev.text, next.text);
    credit.set(next.editor, (credit.get(next.editor) ?? 0) + change.added);
    timeline.push({ at: next.at, editor: next.editor, ...change });
  }
  return { credit, timeline };
}

function busiestDay(timeline) {
  const days = new Map();
  for (const entry of timeline) {
    const day = entry.at.slice(0, 10);
    days.set(day, (days.get(day) ?? 0) + entry.added + entry.removed);
  }
  return [...days].sort((a, b) => b[1] - a[1])[0];
}

const totals = new Map(EDITORS.map((e) => [e, 0]));
for (let p = 0; p < 1; p++) {
  const page = makePage(p, EDITORS, 5);
  const { credit, timeline } = contribution(page);
  for (const [editor, chars] of credit) totals.set(editor, totals.get(editor) + chars);
  const [day, volume] = busiestDay(timeline);
  console.log(`${page.title}: ${timeline.length} edits, busiest ${day} (${volume} characters)`);
}
for (const [editor, chars] of totals) console.log(`${editor.padEnd(8)} ${chars}`);
