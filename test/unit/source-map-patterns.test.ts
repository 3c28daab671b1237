import { readFileSync, writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { defaultThresholds } from '../../src/core/findings/thresholds';
import { analyzeReport } from '../../src/service/export/report';
import { describePatternWarning } from '../../src/service/patterns/describe-pattern-warning';
import { findPatterns } from '../../src/service/patterns/pattern-findings';
import { patternScanner } from '../../src/service/patterns/pattern-scanner';
import { openProfile } from '../../src/service/profile/opened-profile';
import { fileLocator } from '../../src/source/maps/locate';
import { cpuProfile, functionLines, maps, outputs, scriptOf, source } from '../support/map-runs';
import { dist } from '../support/patterns';
import { readOk } from '../support/raw-profile';
import { temporaryFolder } from '../support/run';

const scanner = patternScanner(dist);
afterAll(() => scanner.dispose());

const open = (script: string, root = maps) =>
  openProfile('p.cpuprofile', readOk(cpuProfile(script)), { thresholds: defaultThresholds, locator: fileLocator([root]), info: undefined });
const warningsOf = async (profile: ReturnType<typeof open>): Promise<string[]> => {
  const readText = (file: string) => fs.readFile(file, 'utf8').catch(() => undefined);
  return (await findPatterns(profile, { partsFolder: dist, scanner, readText })).warnings.map(describePatternWarning);
};

describe('nothing has changed, and nothing else is said', () => {
  test.each(outputs)('%s', async (output) => expect(await warningsOf(open(scriptOf(output)))).toEqual([]));
});

test('a bundle of one long line with a map is not told to be built with one', async () => {
  const folder = temporaryFolder();
  const pad = `var pad=${JSON.stringify('x'.repeat(9000))};`;
  const map = JSON.parse(readFileSync(`${scriptOf('tsc-terser')}.map`, 'utf8'));
  const script = path.join(folder.path, 'hot.js');
  writeFileSync(script, pad + readFileSync(scriptOf('tsc-terser'), 'utf8'));
  const sections = [{ offset: { line: 0, column: pad.length }, map: { ...map, sources: [source] } }];
  writeFileSync(`${script}.map`, JSON.stringify({ version: 3, sections }));
  const profile = open(script, folder.path);
  expect(profile.sources.file(source)?.functions.map(({ line }) => line)).toEqual(expect.arrayContaining([functionLines.slowSum, functionLines.later]));
  expect(await warningsOf(profile)).toEqual([]);
  // Without its map it is.
  writeFileSync(`${script}.map`, '');
  expect((await warningsOf(open(script, folder.path))).join()).toMatch(/is minified .* Build it with a source map\.$/);
  folder.remove();
});

test('a compiler that keeps every line and column leads to the source all the same', () => {
  const { functions } = analyzeReport(open(scriptOf('sucrase')), 40);
  const row = functions.find(({ name }) => name === 'slowSum');
  expect(row).toMatchObject({ line: functionLines.slowSum, source: { file: source, line: functionLines.slowSum } });
});
