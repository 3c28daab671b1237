import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { namesOf } from '../../src/capture/target/commonjs-names';
import { isLoader, otherLoader, preloads, splitOptions } from '../../src/capture/target/other-loader';
import { withSession } from '../../src/capture/target/typescript-settings';
import { temporaryFolder } from '../support/run';

const folder = temporaryFolder({
  'setup.mjs': "import { register } from 'node:module';\nregister('ts-node/esm', import.meta.url);\n",
  'babel.cjs': "require('@babel/register')({ extensions: ['.ts'] });\n",
  'polyfill.cjs': "require('core-js');\nmodule.exports = 'tsx';\n",
  'tsx/preload.mjs': 'globalThis.n = 1;\n',
  'import.json': '{"nodeOptions":{"import":["amaro/strip"]}}',
  'plain.json': '{"nodeOptions":{"import":["dotenv/config"],"max-http-header-size":1}}',
});
afterAll(() => folder.remove());
const at = (name: string): string => path.join(folder.path, name);

describe('what is loaded before the program', () => {
  test.each<[string[], string[]]>([
    [
      ['--import', 'tsx', '--inspect', '-r', 'a'],
      ['tsx', 'a'],
    ],
    [
      ['--require=./a.js', '--experimental-loader=b', '--loader', 'c', '--experimental_loader', 'd'],
      ['./a.js', 'b', 'c', 'd'],
    ],
    [['--import-something', '--requirements', '--import'], ['']],
  ])('%j', (options, found) => {
    expect(preloads(options)).toEqual(found);
  });

  test.each<[string, string[]]>([
    ['--import tsx  --max-old-space-size=4096', ['--import', 'tsx', '--max-old-space-size=4096']],
    ['--require "/a b/c.js" --title="x \\"y\\" \\\\z"', ['--require', '/a b/c.js', '--title=x "y" \\z']],
    ['--require=C:\\\\a\\b.js "--import" x', ['--require=C:\\\\a\\b.js', '--import', 'x']],
    ['', []],
  ])('%s', (text, words) => {
    expect(splitOptions(text)).toEqual(words);
  });
});

describe('loaders are known by their package, not by a folder of that name', () => {
  test.each<[string, boolean]>([
    ['tsx', true],
    ['tsx/esm', true],
    ['ts-node/register/transpile-only', true],
    ['@swc-node/register/esm-register', true],
    ['@swc/register', true],
    ['esbuild-register', true],
    ['/p/node_modules/tsx/dist/loader.mjs', true],
    ['C:\\p\\node_modules\\tsx\\dist\\preflight.cjs', true],
    ['file:///p/node_modules/%40oxc-node/core/register.mjs', true],
    ['/p/node_modules/.pnpm/tsx@4.20.0/node_modules/tsx/dist/loader.mjs', true],
    ['dotenv/config', false],
    ['source-map-support/register', false],
    ['/p/node_modules/dd-trace/init.js', false],
    ['tsx-like', false],
    [at('tsx/preload.mjs'), false],
    [at('setup.mjs'), true],
    [pathToFileURL(at('babel.cjs')).href, true],
    [at('polyfill.cjs'), false],
    [at('gone.cjs'), false],
  ])('%s: %s', (preload, is) => {
    expect(isLoader(preload)).toBe(is);
  });

  test('by whatever way it comes', () => {
    expect(otherLoader([], '')).toBe(false);
    expect(otherLoader(['--import', 'tsx'], '')).toBe(true);
    expect(otherLoader([], '--import=tsx')).toBe(true);
    expect(otherLoader([`--experimental-config-file=${at('import.json')}`], '')).toBe(true);
    expect(otherLoader(['--experimental-config-file', at('plain.json')], '')).toBe(false);
    expect(otherLoader(['--experimental-config-file', at('gone.json')], '')).toBe(false);
  });

  test("Plateau's own is none", () => {
    const own = pathToFileURL(path.join(import.meta.dirname, '..', '..', 'dist', 'target', 'hooks-thread.mjs')).href;
    expect(otherLoader(['--experimental-loader', withSession(own, '/tmp/a b')], '')).toBe(false);
  });
});

describe('names that CommonJS exports', () => {
  test.each<[string, string[], string[]]>([
    ['exports.a = 1; module.exports.b = 2; exports["c-d"] = 3; if (exports.e === 1) {}', ['a', 'b', 'c-d'], []],
    [
      'module.exports = { a, b: { c: 1 }, "d": [2, 3], e() { return { f: 1 }; }, async g() {}, get h() { return 1; }, ...require("./more") };',
      ['a', 'b', 'd', 'e', 'g', 'h'],
      ['./more'],
    ],
    ['0 && (module.exports = {\n  q,\n  ...require("h")\n});', ['q'], ['h']],
    ['Object.defineProperty(exports, "a", { enumerable: true, get: function () { return x.a; } });', ['a'], []],
    ['module.exports = require("./all");\n__exportStar(require("./star"), exports);', [], ['./all', './star']],
    ['module.exports = class A { static b = 1 };', [], []],
    ['module.exports = { text: "}, not: 1", after: `}, nor: 2` };', ['text', 'after'], []],
  ])('%s', (code, own, again) => {
    const found = namesOf(code);
    expect([...found.own].sort()).toEqual(own.sort());
    expect([...found.again]).toEqual(again);
  });
});
