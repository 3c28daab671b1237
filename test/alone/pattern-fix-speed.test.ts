import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withEdits } from '../../src/core/findings/patterns/fixes/fixer';
import { javascriptRules } from '../../src/core/findings/patterns/rules/javascript';
import { scanText } from '../support/patterns';
import { type Folder, root, temporaryFolder } from '../support/run';

const fixtures = path.join(root, 'test/fixtures/patterns');

let folder: Folder;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder.remove());

/** The fixture of a rule with its quick fix in `slow`, as an editor would apply it. */
async function fixedFixture(id: string): Promise<string> {
  const text = readFileSync(path.join(fixtures, `${id}.mjs`), 'utf8');
  const { matches } = await scanText(text);
  const [match, ...more] = matches.filter(({ rule, ownerName, fix }) => rule === id && ownerName === 'slow' && fix);
  if (!match?.fix) throw new Error(`no fix in the slow function of ${id}.mjs`);
  expect(more).toEqual([]);
  return withEdits(text, match.fix.edits);
}

/** How many times as long the slow function takes as it does with the fix, side by side in a process of its own; fails where they give different results. */
async function ratio(id: string): Promise<number> {
  const file = folder.file(`${id}.mjs`, await fixedFixture(id));
  const { stderr } = await promisify(execFile)(process.execPath, ['speed.mjs', id, pathToFileURL(file).href], { cwd: fixtures });
  return Number(stderr);
}

/** Of each rule that has a quick fix half or less of what was measured above 1, on Node.js 20, 22 and 24; a busy machine has room. */
const FASTER: Readonly<Record<string, number>> = {
  'reduce-spread': 20,
  'spread-in-loop': 20,
  'includes-in-loop': 8,
  'find-in-loop': 3,
  'filter-first': 20,
  'filter-length': 8,
  'spread-then-look': 1.3,
  'shift-in-loop': 20,
  'unshift-often': 10,
  'splice-front': 20,
  'sort-after-insert': 10,
  'map-as-array': 10,
  'constant-regex': 2,
  'regex-in-loop': 1.7,
  'json-in-loop': 20,
  'boolean-match': 1.2,
  'split-first': 1.2,
  'locale-compare-sort': 5,
  'intl-built-often': 10,
  'same-work-in-loop': 20,
  'localized-often': 10,
  'await-of-value': 3,
  'awaits-in-a-row': 1.4,
};

describe('a quick fix makes faster what it is offered for, and gives the same', () => {
  test('each of them is measured', () => {
    expect(Object.keys(FASTER).sort()).toEqual(javascriptRules.flatMap(({ id, safety }) => (safety === 'manual' ? [] : [id])).sort());
  });

  test.each(Object.entries(FASTER))('%s', async (id, least) => {
    expect(await ratio(id)).toBeGreaterThan(least);
  });
});
