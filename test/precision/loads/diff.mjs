import { createTwoFilesPatch, diffLines, diffWords } from 'diff';
import { load, random, text } from '../input.mjs';

const before = text('express/lib/response.js');
const next = random(9);
const change = (source) =>
  source
    .split('\n')
    .map((line) => (next(12) === 0 ? line.toUpperCase() : line))
    .filter(() => next(20) > 0)
    .join('\n');
const after = Array.from({ length: 5 }, () => change(before));
await load((turn) => {
  const other = after[turn % after.length];
  diffLines(before, other);
  diffWords(before.slice(0, 4000), other.slice(0, 4000));
  createTwoFilesPatch('a', 'b', before, other);
});
