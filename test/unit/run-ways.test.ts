import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { managerCommand, parseFolders } from '../../src/capture/attach/node-processes';
import { launchSpec } from '../../src/service/recording/launch';
import { runWays } from '../../src/service/recording/run-ways';
import type { Recipe } from '../../src/shared/recipe';
import { parseFunctions } from '../../src/source/parse/parse-functions';
import { fileOutline, testAt } from '../../src/source/parse/test-blocks';
import { temporaryFolder } from '../support/run';

const TEST = `import { describe, expect, it, test } from 'vitest';
import { add } from './add';
describe('adding', () => {
  it('adds (two) numbers', () => { expect(add(1, 2)).toBe(3); });
  test.each([[1, 2]])('adds %i and %i', (a, b) => { expect(add(a, b)).toBe(3); });
  test(\`of \${add.name}\`, () => {});
});
test.skip('alone', () => {});
const helper = (test) => test.name;
`;

describe('the tests of a file', () => {
  const outline = fileOutline(TEST, 'add.test.ts');
  const at = (text: string) => {
    const found = testAt(outline?.tests ?? [], TEST.indexOf(text));
    return found && [found.names, found.isSuite, found.isExact];
  };
  test('the innermost around the cursor, with the suites above', () => {
    expect(at('add(1, 2)')).toEqual([['adding', 'adds (two) numbers'], false, true]);
    expect(at('add(a, b)')).toEqual([['adding', 'adds '], false, false]);
    expect(at('add.name')).toEqual([['adding', 'of '], false, false]);
    expect(at('alone')).toEqual([['alone'], false, true]);
    expect(testAt(outline?.tests ?? [], TEST.indexOf("describe('adding'") + 2)?.names).toEqual(['adding']);
    expect(at('helper')).toBeUndefined();
  });
  test('the framework by its import', () => {
    expect(outline?.framework).toBe('vitest');
    expect(fileOutline("const { it } = require('node:test');", 'a.cjs')?.framework).toBe('node');
    expect(fileOutline("const test = require('node:test').test;", 'a.cjs')?.framework).toBe('node');
    expect(fileOutline("it('globals', () => {});", 'a.js')?.framework).toBeUndefined();
  });
  test('subtests of node:test', () => {
    const text = "import test from 'node:test';\ntest('outer', async (t) => { await t.test('inner', () => { work(); }); });";
    expect(testAt(fileOutline(text, 'a.mjs')?.tests ?? [], text.indexOf('work()'))?.names).toEqual(['outer', 'inner']);
  });
});

test.each<[string, boolean, string]>([
  [
    'functions, classes and constants',
    true,
    "import fs from 'fs';\nconst LIMIT = 3;\nconst cache = new Map();\nexport function a() {}\nexport class B {}\nexport default a;",
  ],
  ['CommonJS exports', true, "'use strict';\nfunction a() {}\nmodule.exports = { a };\nexports.b = 2;"],
  ['types', true, 'export interface A { a: string }\nexport type B = A;\nexport enum C { one }'],
  ['a call', false, 'function main() {}\nmain();'],
  ['an await', false, 'const all = await load();'],
  ['a loop', false, 'for (let i = 0; i < 3; i++) work(i);'],
  ['a condition', false, 'if (require.main === module) main();'],
  ['a call that is exported', false, 'export default defineConfig({});'],
])('running a file of %s does nothing: %s', (_, wanted, text) => expect(fileOutline(text, 'a.ts')?.onlyDeclares).toBe(wanted));

test('a function has its signature, and its name within the module where it is not exported', () => {
  const text =
    'function total(rows: readonly Row[],\n  by = 1): number { return 0; }\nexport const scale = (x: number) => x;\nfunction outer() { function inner() {} }';
  const found = parseFunctions(text, 'a.ts') ?? [];
  expect(found.map(({ name, signature, exported, local }) => [name, signature, exported?.name, local?.name])).toEqual([
    ['total', '(rows: readonly Row[], by = 1): number', undefined, 'total'],
    ['scale', '(x: number)', 'scale', undefined],
    ['outer', '()', undefined, 'outer'],
    ['inner', '()', undefined, undefined],
  ]);
});

describe('ways to run it', () => {
  const folder = temporaryFolder({
    'package.json': '{"name":"root","scripts":{"build":"tsc"},"devDependencies":{"vitest":"1"}}',
    'node_modules/vitest/vitest.mjs': '',
    'node_modules/jest/bin/jest.js': '',
    'node_modules/mocha/bin/mocha.js': '',
    'packages/cart/package.json': '{"name":"@shop/cart","scripts":{"dev":"node dev.js","test":"vitest"}}',
    'packages/cart/src/add.ts': 'export const add = (a: number, b: number) => a + b;',
    'packages/cart/src/add.test.ts': TEST,
    'packages/old/package.json': '{"name":"old","scripts":{"test":"jest"}}',
    'packages/old/a.test.js': "describe('a', () => { it('b?', () => {}); });",
    'packages/older/package.json': '{"devDependencies":{"mocha":"1"}}',
    'packages/older/a.spec.js': "describe('a', () => { it('b', () => {}); });",
    'packages/plain/a.test.mjs': "import { test } from 'node:test';\ntest('one.two', () => {});",
    'packages/none/a.js': 'main();',
  });
  afterAll(() => folder.remove());
  const of = (name: string, text: string | undefined, needle?: string) =>
    runWays(
      path.join(folder.path, name),
      text === undefined ? undefined : fileOutline(text, name),
      needle === undefined ? undefined : text?.indexOf(needle),
      folder.path,
    );
  const argsOf = (recipe: Recipe | undefined) => (recipe?.kind === 'file' || recipe?.kind === 'program' ? recipe.args : []);

  test('the test around the cursor, then the file, by Vitest', async () => {
    const { tests, onlyDeclares } = await of('packages/cart/src/add.test.ts', TEST, 'add(1, 2)');
    expect(tests.map(({ label }) => label)).toEqual(['Run this test: adds (two) numbers', 'Run all tests of add.test.ts']);
    expect(tests[0]?.recipe).toMatchObject({
      kind: 'file',
      file: path.join(folder.path, 'node_modules/vitest/vitest.mjs'),
      cwd: path.join(folder.path, 'packages/cart'),
    });
    expect(argsOf(tests[0]?.recipe)).toEqual(['run', 'src/add.test.ts', '--coverage.enabled=false', '-t', 'adding adds \\(two\\) numbers$']);
    expect(argsOf(tests[1]?.recipe)).toEqual(['run', 'src/add.test.ts', '--coverage.enabled=false']);
    expect(onlyDeclares).toBe(true);
    const [each] = (await of('packages/cart/src/add.test.ts', TEST, 'add(a, b)')).tests;
    expect(argsOf(each?.recipe).at(-1)).toBe('adding.*adds');
    const [suite] = (await of('packages/cart/src/add.test.ts', TEST, "'adding'")).tests;
    expect([suite?.label, argsOf(suite?.recipe).at(-1)]).toEqual(['Run this suite: adding', 'adding']);
  });
  test('by Jest, Mocha and Node.js', async () => {
    const jest = await of('packages/old/a.test.js', "describe('a', () => { it('b?', () => {}); });", '() => {});');
    expect(argsOf(jest.tests[0]?.recipe)).toEqual(['--runInBand', '--coverage=false', '--runTestsByPath', 'a.test.js', '-t', 'a b\\?$']);
    const mocha = await of('packages/older/a.spec.js', "describe('a', () => { it('b', () => {}); });", '() => {});');
    expect(argsOf(mocha.tests[0]?.recipe)).toEqual(['a.spec.js', '--grep', 'a b$']);
    const plain = await of('packages/plain/a.test.mjs', "import { test } from 'node:test';\ntest('one.two', () => {});", 'one');
    expect(argsOf(plain.tests[0]?.recipe)).toEqual(['--test-name-pattern=one\\.two$', path.join(folder.path, 'packages/plain/a.test.mjs')]);
    expect(plain.tests[1]?.recipe).toMatchObject({ kind: 'file', args: [] });
    expect(plain.onlyDeclares).toBe(false);
    const [first] = plain.tests;
    expect(first && launchSpec({ recipe: first.recipe, nodePath: 'node', files: { folder: '', esbuild: '' } }, [], 'win32')).toMatchObject({
      command: 'node',
      shell: false,
    });
  });
  test('a file without tests has those that stand beside it, and the scripts of every package up to the root', async () => {
    const text = 'export const add = (a: number, b: number) => a + b;';
    const { tests, onlyDeclares, packages } = await of('packages/cart/src/add.ts', text, 'a + b');
    expect(tests.map(({ label }) => label)).toEqual(['Run all tests of add.test.ts']);
    expect(onlyDeclares).toBe(true);
    expect(packages.map(({ folder: at, name, scripts }) => [path.relative(folder.path, at), name, scripts.map((one) => one.name)])).toEqual([
      ['packages/cart', '@shop/cart', ['dev', 'test']],
      ['', 'root', ['build']],
    ]);
  });
  test('a program has none', async () => {
    const found = await of('packages/none/a.js', 'main();', 'main');
    expect([found.tests, found.onlyDeclares]).toEqual([[], false]);
    expect((await of('package.json', undefined)).packages).toHaveLength(1);
  });
});

describe('running processes', () => {
  test.each([
    ['npm run dev', 'npm run dev'],
    ['node /usr/lib/node_modules/npm/bin/npm-cli.js run dev', 'npm run dev'],
    ['"C:\\\\Program Files\\\\nodejs\\\\node.exe" "C:\\\\nodejs\\\\node_modules\\\\npm\\\\bin\\\\npm-cli.js" run dev', 'npm run dev'],
    ['/usr/bin/node /opt/pnpm.cjs dev --filter x', 'pnpm dev --filter x'],
  ])('%s is %s', (command, wanted) => expect(managerCommand(command)).toBe(wanted));
  test('the folders that lsof tells', () =>
    expect([...parseFolders('p12\nfcwd\nn/a b\np7\nfcwd\nn/c\n')]).toEqual([
      [12, '/a b'],
      [7, '/c'],
    ]));
});
