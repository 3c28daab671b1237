import type { Protocol } from 'devtools-protocol';
import { expect, test } from 'vitest';
import { foldOwnFrames } from '../../src/service/recording/own-frames';
import { rawFromText, readOk, treeText } from '../support/raw-profile';

const ours = ['/plateau/dist/target', '/plateau/node_modules/esbuild'];
const fold = (text: string): string => {
  const raw = rawFromText(text) as unknown as Protocol.Profiler.Profile;
  return treeText(readOk(foldOwnFrames(raw, ours)));
};

test('the loop gives way to the function that it calls, however it is reached', () => {
  expect(
    fold(`
      run@node:internal/modules > main@file:///plateau/dist/target/loop.mjs:1 > work@file:///app/a.js:1 > inner@file:///app/a.js:9 x3
      run@node:internal/modules > main@file:///plateau/dist/target/loop.mjs:1 > measure@file:///plateau/dist/target/loop.mjs:85 > work@file:///app/a.js:1 > inner@file:///app/a.js:9 x4
      run@node:internal/modules > main@file:///plateau/dist/target/loop.mjs:1 > measure@file:///plateau/dist/target/loop.mjs:85 > hrtime@node:process:3 x2
      run@node:internal/modules > main@file:///plateau/dist/target/loop.mjs:1 x1`),
  ).toBe(
    `
- (root) (total: 10, self: 0)
  - run (total: 7, self: 0)
    - (Plateau) (total: 7, self: 0)
      - work (total: 7, self: 0)
        - inner (total: 7, self: 7)
  - (idle) (total: 3, self: 3)`.trim(),
  );
});

test("what other code runs below stays, Node.js's own frames on the way included", () => {
  expect(
    fold(`
      load@file:///plateau/dist/target/typescript.cjs:1 > compile@node:internal/loader:5 > (anonymous)@file:///app/a.js:1 x2
      load@file:///plateau/dist/target/typescript.cjs:1 > transform@file:///plateau/node_modules/esbuild/lib/main.js:1 > write@node:fs:5 x3`),
  ).toBe(
    `
- (root) (total: 5, self: 0)
  - (idle) (total: 3, self: 3)
  - (Plateau) (total: 2, self: 0)
    - compile (total: 2, self: 0)
      - (anonymous) (total: 2, self: 2)`.trim(),
  );
});

test('ticks of frames that become one are added up; a profile without such frames is left as it is', () => {
  const raw = rawFromText(`
    main@file:///plateau/dist/target/loop.mjs:1 > work@file:///app/a.js:1 x3
    main@file:///plateau/dist/target/loop.mjs:1 > again@file:///plateau/dist/target/loop.mjs:9 > work@file:///app/a.js:1 x2`);
  for (const node of raw.nodes) if (node.hitCount) node.positionTicks = [{ line: 2, ticks: node.hitCount }];
  const work = foldOwnFrames(raw as unknown as Protocol.Profiler.Profile, ours).nodes.filter(({ callFrame }) => callFrame.functionName === 'work');
  expect(work).toMatchObject([{ hitCount: 5, positionTicks: [{ line: 2, ticks: 5 }] }]);
  const other = rawFromText('main > work x2') as unknown as Protocol.Profiler.Profile;
  expect(foldOwnFrames(other, ours)).toBe(other);
});
