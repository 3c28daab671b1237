import { expect, test } from 'vitest';
import { cpuProfileMerger, type RawNode, type RawPart } from '../../src/core/formats/merge-cpuprofiles';
import { rawFromText, readOk, treeText } from '../support/raw-profile';

const part = (text: string, startTime: number): RawPart => {
  const raw = rawFromText(text) as unknown as { nodes: RawNode[]; samples: number[]; timeDeltas: number[] };
  return { nodes: raw.nodes, samples: raw.samples, timeDeltas: raw.samples.map(() => 1), startTime, endTime: startTime + raw.samples.length };
};
const whole = (...parts: RawPart[]): string => {
  const merger = cpuProfileMerger();
  for (const one of parts) merger.add(one);
  return [...merger.text()].join('');
};

test('parts of one thread become one profile: paths are merged, samples follow each other', () => {
  const text = whole(part('main > a > b x3\nmain > a x2', 100), part('main > a > b x1\nmain > c x4', 105));
  const profile = JSON.parse(text) as RawPart & { samples: number[]; timeDeltas: number[] };
  expect(profile.startTime).toBe(100);
  expect(profile.endTime).toBe(110);
  expect(profile.samples).toHaveLength(10);
  expect(profile.timeDeltas.reduce((sum, delta) => sum + delta, profile.startTime)).toBe(110);
  const names = (profile.nodes as RawNode[]).map(({ callFrame, hitCount }) => `${callFrame.functionName} ${hitCount}`);
  expect(names.sort()).toEqual(['(root) 0', 'a 2', 'b 4', 'c 4', 'main 0']);
});

test('what a part has of the time before the end of the last one is left out', () => {
  const merger = cpuProfileMerger();
  merger.add(part('main > a x10', 100));
  merger.add(part('main > a x10', 105));
  const { samples, timeDeltas, nodes } = merger.profile();
  // 101 to 110 of the first, 110 to 115 of the second.
  expect(samples).toHaveLength(16);
  expect(Math.min(...timeDeltas)).toBeGreaterThanOrEqual(0);
  expect(nodes.find(({ callFrame }) => callFrame.functionName === 'a')?.hitCount).toBe(16);
});

test('the text is what the object says, and one part stays as it is', () => {
  const merger = cpuProfileMerger();
  merger.add(part('main > a > b x3\nmain > a x2', 100));
  expect(JSON.parse([...merger.text()].join(''))).toEqual(merger.profile());
  const raw = rawFromText('main > a > b x3\nmain > a x2');
  const other = cpuProfileMerger();
  other.add(raw as unknown as RawPart);
  expect(treeText(readOk(other.profile() as never))).toBe(treeText(readOk(raw)));
});

test('nodes that are no tree, and parts without nodes or samples, are taken as far as they go', () => {
  const frame = (functionName: string) => ({ functionName, scriptId: '1', url: '', lineNumber: 1, columnNumber: 1 });
  const circle: RawPart = {
    nodes: [
      { id: 1, callFrame: frame('(root)'), children: [2, 9] },
      { id: 2, callFrame: frame('a'), children: [1] },
    ],
    startTime: 0,
    endTime: 5,
    samples: [2, 7],
    timeDeltas: [1],
  };
  const merger = cpuProfileMerger();
  merger.add(circle);
  merger.add({ nodes: [], startTime: 5, endTime: 6 });
  merger.add({ nodes: [{ id: 1, callFrame: frame('(root)') }], startTime: 5, endTime: 8 });
  const { nodes, samples, endTime } = merger.profile();
  expect(nodes.map(({ callFrame }) => callFrame.functionName)).toEqual(['(root)', 'a']);
  expect(samples).toEqual([2]);
  expect(endTime).toBe(8);
});
