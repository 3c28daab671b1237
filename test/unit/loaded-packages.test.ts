import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findInProfile } from '../../src/core/findings/find';
import { loadedPackages } from '../../src/core/findings/rules/loaded-packages';
import { defaultThresholds } from '../../src/core/findings/thresholds';
import { openProfile } from '../../src/service/profile/opened-profile';
import { fileLocator } from '../../src/source/maps/locate';
import { lineThatLoads, loadsOf } from '../../src/source/parse/import-lines';
import { profileFromText, rawFromText, readOk } from '../support/raw-profile';
import { temporaryFolder } from '../support/run';

/** Which packages a program waits for when it starts, and where it loads them. */

const module = (pkg: string, file = 'index.js') => `(anonymous)@file:///app/node_modules/${pkg}/${file}:1`;
const LOADING = 'require@node:internal/modules/helpers > compile@node:internal/modules/cjs/loader';

describe('what the code of packages costs while it is loaded', () => {
  test('counts for the package that the program loads, with what that requires', () => {
    const { tables } = profileFromText(`
      ${module('maths')} > create@file:///app/node_modules/maths/create.js:9 x40
      ${module('maths')} > ${LOADING} > ${module('typed')} x20
      ${module('words')} x30
      main@file:///app/main.js:3 > parse@file:///app/node_modules/words/parse.js:7 x500`);
    expect(loadedPackages(tables, () => false)).toEqual([
      { name: 'maths', cost: 60_000 },
      { name: 'words', cost: 30_000 },
    ]);
  });
  test('but not what the package calls back in the program', () => {
    const { tables } = profileFromText(`${module('maths')} > own@file:///app/main.js:5 x90\n${module('maths')} x10`);
    expect(loadedPackages(tables, () => false)).toEqual([{ name: 'maths', cost: 10_000 }]);
  });
  test('is told with the finding, the costliest first', () => {
    const { tables } = profileFromText(
      `(anonymous)@file:///app/main.js:1 x10\n${LOADING} x300\n${module('words')} x80\n${module('maths')} x200\n${module('maths')} > ${LOADING} x40\n${module('tiny')} x9`,
    );
    const found = findInProfile(tables, defaultThresholds).find(({ rule }) => rule === 'module-loading');
    expect(found?.summary).toMatch(/The code of packages runs for another 43\.8 % while it is loaded: maths 200 ms, words 80\.0 ms\.$/);
  });
});

describe('lines that load', () => {
  test('in every form, but not in comments', () => {
    const text = `// import 'none';
import a from 'a';
import { b } from "b/deep";
import 'c';
const d = require('d');
const e = () => import('e');
export * from './f.js';`;
    expect(loadsOf(text).map(({ name, line }) => `${name}:${line}`)).toEqual(['a:2', 'b/deep:3', 'c:4', 'd:5', 'e:6', './f.js:7']);
    expect(lineThatLoads(text, 'b')).toBe(3);
    expect(lineThatLoads(text, 'none')).toBeUndefined();
  });
});

describe('the place', () => {
  const folder = temporaryFolder({
    'main.js': "import { build } from './commands/build.js';\nimport './commands';\nbuild();\n",
    'commands/build.ts': "import { evaluate } from 'maths';\nexport const build = () => evaluate('1');\n",
    'commands/index.js': "import './build.js';\nimport { words } from 'words';\n",
  });
  afterAll(() => folder.remove());
  const at = (pkg: string) => {
    const main = `(anonymous)@file://${path.join(folder.path, 'main.js')}:1 x20`;
    const raw = readOk(rawFromText(`${main}\n${LOADING} x300\n${module(pkg)} x100`));
    const opened = openProfile(path.join(folder.path, 'a.cpuprofile'), raw, {
      thresholds: defaultThresholds,
      locator: fileLocator([folder.path]),
      info: undefined,
    });
    const place = opened.findings.find(({ rule }) => rule === 'module-loading')?.place;
    return place && `${path.relative(folder.path, place.file).replaceAll('\\', '/')}:${place.line}`;
  };
  test('is where a file of the program loads it, found through what the program’s files load', () => {
    expect(at('maths')).toBe('commands/build.ts:1');
    expect(at('words')).toBe('commands/index.js:2');
  });
  test('is not said where no file loads it', () => expect(at('others')).toBeUndefined());
});
