import { expect, test } from 'vitest';
import { isWanted } from '../../src/service/heap/heap-choice';
import type { HuntThread } from '../../src/shared/hunt';
import { describeWatched, wantedAgain } from '../../src/shared/thread-choice';

const main: HuntThread = { pid: 10, threadId: 0, name: 'app.js' };
const named: HuntThread = { pid: 10, threadId: 1, name: 'index.js' };
const [first, second]: HuntThread[] = [2, 3].map((threadId) => ({ pid: 10, threadId, name: 'task.js' })) as [HuntThread, HuntThread];
const nameless: HuntThread = { pid: 10, threadId: 4, name: 'worker 4' };
const child: HuntThread = { pid: 11, threadId: 0, name: 'child.js' };
const ofChild: HuntThread = { pid: 11, threadId: 1, name: 'sum.js' };
const all = [main, named, first, second, nameless, child, ofChild] as const;

/** The threads as a later run has them: with other numbers of processes. */
const later = all.map((thread) => {
  const pid = thread.pid + 100;
  const script = thread.pid === 10 ? '/app/app.js' : '/app/child.js';
  return { ...thread, pid, argv: ['node', script] };
});

test.each(all.map((thread, at) => [`${thread.name} ${thread.threadId} of ${thread.pid}`, thread, at] as const))(
  '%s is found again in another run',
  (_, thread, at) => {
    const wanted = wantedAgain(thread, all, { keepsPids: false });
    expect(later.filter((one) => isWanted(one, wanted))).toEqual([later[at]]);
  },
);

test.each(all.map((thread, at) => [`${thread.name} ${thread.threadId} of ${thread.pid}`, thread, at] as const))(
  '%s is found again where it goes on',
  (_, thread, at) => {
    const wanted = wantedAgain(thread, all, { keepsPids: true });
    expect(later.map((one) => ({ ...one, pid: one.pid - 100 })).findIndex((one) => isWanted(one, wanted))).toBe(at);
  },
);

test('of one process no process is asked for', () => {
  expect(wantedAgain(main, [main, named], { keepsPids: true })).toEqual({ thread: 'main' });
  expect(wantedAgain(named, [main, named], { keepsPids: false })).toEqual({ thread: 'index.js' });
});

test('whom a hunt watched, and whom not', () => {
  expect(describeWatched({ watched: main })).toBe(undefined);
  expect(describeWatched({ watched: main, others: [{ ...child, served: 0, heapBytes: [1e6, 2e6, 3e6] }] })).toBe(
    'watched app.js (10), one of 2; not looked at: child.js (11) 3.00 MB',
  );
});
