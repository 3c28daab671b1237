import { describe, expect, test } from 'vitest';
import { distinctNames } from '../../src/core/profile/views/threads';
import type { ChoiceDto, ThreadDto } from '../../src/protocol/threads';
import { fitsFilter, rowsByCpu, rowsByProcess, spokenText, whereText } from '../../webview/profile/threads/thread-words';

const choice = (name: string, given: Partial<ThreadDto> = {}): ChoiceDto => ({
  name: `${name} (${given.thread ?? 0})`,
  detail: '12 samples',
  thread: { process: 7, thread: 0, name, cpu: 1000, waiting: 0, isMissing: false, strip: undefined, ...given },
});

const choices = [
  choice('task.js', { thread: 2, cpu: 900 }),
  choice('main.js', { thread: 0, cpu: 10 }),
  choice('child.js', { process: 9, thread: 0, cpu: 500 }),
  choice('task.js', { thread: 1, cpu: 700 }),
];

test('by time the busiest comes first; by process each begins with its main thread, the busiest process first', () => {
  expect(rowsByCpu(choices)).toEqual([0, 3, 2, 1]);
  expect(rowsByProcess(choices)).toEqual([1, 3, 0, 2]);
});

test('what is no thread keeps its place', () => {
  expect(
    rowsByCpu([
      { name: 'cpu', detail: '' },
      { name: 'alloc', detail: '' },
    ]),
  ).toEqual([0, 1]);
});

describe('names of threads', () => {
  const thread = (name: string, process: number | undefined, of: number | undefined) => ({ name, process, thread: of });
  test.each([
    ['apart already', [thread('a.js', 1, 0), thread('b.js', 2, 0)], ['a.js', 'b.js']],
    [
      'one name in two processes',
      [thread('a.js', 11, 0), thread('b.js', 12, 0), thread('a.js', 13, 0)],
      ['a.js (main thread of 11)', 'b.js', 'a.js (main thread of 13)'],
    ],
    ['workers of one process', [thread('w.js', 1, 1), thread('w.js', 1, 2)], ['w.js (thread 1)', 'w.js (thread 2)']],
    ['a file without numbers', [thread('t', undefined, undefined), thread('t', undefined, undefined)], ['t (1st of 2)', 't (2nd of 2)']],
    [
      'a process number that came back',
      [thread('t', 7, 0), thread('t', 7, 0), thread('u', 7, 1)],
      ['t (main thread, 1st of 2)', 't (main thread, 2nd of 2)', 'u'],
    ],
    [
      'twelve of them',
      Array.from({ length: 12 }, () => thread('t', undefined, undefined)),
      ['1st', '2nd', '3rd', '4th', '5th', '6th', '7th', '8th', '9th', '10th', '11th', '12th'].map((nth) => `t (${nth} of 12)`),
    ],
  ])('%s', (_, threads, names) => expect(distinctNames(threads)).toEqual(names));
});

describe('a filter', () => {
  test.each([
    ['task', [0, 3]],
    ['TASK thread 1', [3]],
    ['main thread', [1, 2]],
    ['9', [2]],
    ['process 7', [0, 1, 3]],
    ['task child', []],
  ])('%s', (text, rows) => {
    expect(choices.flatMap((one, row) => (fitsFilter(one, text) ? [row] : []))).toEqual(rows);
  });
});

test.each([
  [{ process: 7, thread: 0 }, 'main thread of process 7'],
  [{ process: undefined, thread: 3 }, 'thread 3'],
  [{ process: 7, thread: undefined }, 'process 7'],
  [{ process: undefined, thread: undefined }, ''],
])('%j is %s', (where, words) => expect(whereText(where)).toBe(words));

test('what is heard of a thread is all that is seen of it', () => {
  expect(spokenText(choice('a.js', { cpu: 940_000, waiting: 2000, isMissing: true }))).toBe(
    'a.js, main thread of process 7, 940 ms of CPU time, 12 samples, 2.00 ms waiting, its file is missing',
  );
  expect(spokenText({ name: 'alloc_space', detail: 'bytes, 9 samples' })).toBe('alloc_space, bytes, 9 samples');
});
