import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { comparedSide } from '../../src/core/compare/compared-side';
import { matchFunctions } from '../../src/core/compare/match-functions';
import { identifiedRun, withLinesAfter } from '../../src/service/compare/identities';
import type { RecordingInfo } from '../../src/service/recordings/recording-info';
import { lineFingerprints } from '../../src/source/align-lines';
import { fileLocator } from '../../src/source/maps/locate';
import { type RawNode, rawFromText, readOk } from '../support/raw-profile';
import { temporaryFolder } from '../support/run';

const old = `function load(list) {
  return list.map((x) => x * 2 + Math.sqrt(x) * Math.cbrt(x));
}
function slow(list) {
  let sum = 0;
  for (const one of list) sum += one * one - 1;
  return sum;
}
`;
const folder = temporaryFolder({ 'old/app.js': old, 'new/app.js': `// One line more.\n${old.replace('slow', 'quick')}` });
afterAll(() => folder.remove());

/** A profile in which the named functions and the callback of a text have run, where V8 places them: at their parameters. */
function runIn(side: 'old' | 'new', text: string, name: string) {
  const root = path.join(folder.path, side);
  const file = path.join(root, 'app.js');
  const raw = rawFromText(`load > callback x5\n${name} x5`);
  for (const { callFrame } of raw.nodes as RawNode[]) {
    const marks: Readonly<Record<string, string>> = { load: '(list) {\n  return', callback: '(x) =>', [name]: '(list) {\n  let' };
    const mark = marks[callFrame.functionName];
    if (mark === undefined) continue;
    const before = text.slice(0, text.indexOf(mark)).split('\n');
    Object.assign(callFrame, { url: pathToFileURL(file).href, lineNumber: before.length - 1, columnNumber: before.at(-1)?.length });
    if (callFrame.functionName === 'callback') callFrame.functionName = '';
  }
  const sources = { [file]: lineFingerprints(text) };
  return identifiedRun(readOk(raw).tables, { sources } as unknown as RecordingInfo, fileLocator([root]));
}

test('functions are known by their file from the root, what encloses them and their body', () => {
  const { identities } = runIn('old', old, 'slow');
  const own = identities.filter(({ file }) => file === 'app.js').map(({ name, line, within, body }) => [name, line, within, typeof body]);
  expect(own.sort()).toEqual(
    [
      ['load', 0, '', 'string'],
      ['', 1, 'load', 'string'],
      ['slow', 3, '', 'string'],
    ].sort(),
  );
});

test('a renamed function is found by its body, a callback by its line, and a text that is not what ran says nothing', () => {
  const edited = `// One line more.\n${old.replace('slow', 'quick')}`;
  const [before, after] = [runIn('old', old, 'slow'), runIn('new', edited, 'quick')];
  const sides = [comparedSide([withLinesAfter(before, after.lines)]), comparedSide([after])] as const;
  const told = matchFunctions(...sides).flatMap(({ before: one, after: other, isMoved }) => {
    const [first, second] = [sides[0].functions[one], sides[1].functions[other]];
    return first?.file === 'app.js' || second?.file === 'app.js' ? [[first?.name, first?.lineAfter, isMoved, second?.name, second?.line]] : [];
  });
  expect(told).toEqual([
    ['load', 1, false, 'load', 1],
    ['', 2, false, '', 2],
    ['slow', -1, true, 'quick', 4],
  ]);
  folder.file('old/app.js', `${old}\n// Changed since.\n`);
  expect(runIn('old', old, 'slow').identities.every(({ within, body }) => within === undefined && body === undefined)).toBe(true);
});
