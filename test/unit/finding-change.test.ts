import { expect, test } from 'vitest';
import { defaultThresholds } from '../../src/core/findings/thresholds';
import { functionAt } from '../../src/core/profile/tables';
import { loopRate } from '../../src/core/statistics/mean-interval';
import { findingChange } from '../../src/service/findings/finding-change';
import { type OpenedProfile, openProfile } from '../../src/service/profile/opened-profile';
import { functionIndex } from '../../src/shared/brands';
import type { ReportedFinding } from '../../src/shared/reported-finding';
import { fileLocator } from '../../src/source/maps/locate';
import { finding } from '../support/findings';
import { profileFromText } from '../support/raw-profile';

const opened = (stacks: string, loop?: ReturnType<typeof loopRate>): OpenedProfile => {
  const profile = openProfile('a.cpuprofile', profileFromText(stacks), { thresholds: defaultThresholds, locator: fileLocator([]), info: undefined });
  // Of what stands beside a recording, only the loop matters here.
  return loop ? { ...profile, info: { loop } as OpenedProfile['info'] } : profile;
};
const rowOf = ({ tables }: OpenedProfile, name: string): number => {
  const row = Array.from(tables.functions.name).findIndex((_, func) => functionAt(tables, functionIndex(func)).name === name);
  if (row < 0) throw new Error(`there is no ${name}`);
  return row;
};
const found = (profile: OpenedProfile, ...findings: ReportedFinding[]) => ({ profile, findings });
const before = opened('main > match x600\nmain > other x400');
const was = finding({ title: 'find in a loop', share: 0.6, functions: [rowOf(before, 'match')] });

test('a finding that is gone, the function that had it, and the whole run', () => {
  const after = opened('main > match x20\nmain > other x400');
  // Of 1,000 samples: 60 % lie between 56.9 and 63.0 % by Wilson's interval.
  expect(findingChange(was.id, found(before, was), found(after))).toEqual({
    isGone: true,
    message:
      'find in a loop: not found any more; it was 60.0 % (56.9–63.0 %) of active time. match in all: 600 ms (60.0 %) → 20.0 ms (4.8 %). The run: 1.00 s → 420 ms active.',
  });
});

test('one that is still there: less, more, or too close to tell', () => {
  const message = (share: number): string => findingChange(was.id, found(before, was), found(before, { ...was, share }))?.message ?? '';
  expect(message(0.3)).toMatch(/^find in a loop: 60\.0 % \(56\.9–63\.0 %\) → 30\.0 % \([\d.]+–[\d.]+ %\) of active time\./);
  expect(message(0.8)).toContain('of active time, more than before.');
  expect(message(0.58)).toContain('of active time, which is too close to tell apart.');
});

test('a function that is in no sample any more', () => {
  const { message } = findingChange(was.id, found(before, was), found(opened('main > other x400'))) ?? {};
  expect(message).toContain('match was seen in no sample any more.');
});

test('a loop tells calls a second, and calls nothing faster that may be chance', () => {
  const batches = (...ns: number[]) => loopRate(ns.map((each) => ({ calls: 1000, ns: each * 1000 })));
  const stacks = 'main > match x100';
  const change = (a: ReturnType<typeof loopRate>, b: ReturnType<typeof loopRate>): string =>
    findingChange(was.id, found(opened(stacks, a), { ...was, functions: [] }), found(opened(stacks, b)))?.message ?? '';
  const slow = batches(4000, 4010, 3990, 4005);
  const fast = batches(1000, 1002, 998, 1001);
  expect(change(slow, fast)).toMatch(/Calls a second: 250,000 \(.*\) → 1,000,000 \(.*\), 4\.00 times as fast\.$/);
  expect(change(fast, slow)).toMatch(/, slower by 75\.0 %\.$/);
  expect(change(slow, batches(3000, 5000, 4100, 3800))).toMatch(/, which is too close to tell apart\.$/);
});

test('a finding that the earlier recording does not have cannot be compared', () => {
  expect(findingChange('another', found(before, was), found(before))).toBeUndefined();
});
