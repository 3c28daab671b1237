import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readNotes } from '../../src/capture/records/notes';
import { prepareTypescript } from '../../src/service/recording/prepare-typescript';
import { type Folder, nodes, plateau, root, temporaryFolder } from '../support/run';
import { typescriptCases } from '../support/typescript-cases';

const folders: Folder[] = [];
afterAll(() => {
  for (const folder of folders) folder.remove();
});

function project(files: Readonly<Record<string, string>>, links: Readonly<Record<string, string>> = {}): Folder {
  const folder = temporaryFolder(files);
  folders.push(folder);
  for (const [name, to] of Object.entries(links)) {
    const at = path.join(folder.path, 'node_modules', name);
    mkdirSync(path.dirname(at), { recursive: true });
    symlinkSync(path.resolve(folder.path, to), at, 'junction');
  }
  return folder;
}

/** Records a program, and gives what it printed. */
async function record(node: string, cwd: string, entry: string, env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await plateau(['record', '--force', '--node', node, '--out', 'out.cpuprofile', entry], { cwd, env });
  return { code, stderr, lines: stdout.split('\n').filter((line) => line !== '' && !line.endsWith('out.cpuprofile')) };
}

/** Before 22.15 Node.js leaves hooks out where an ES module is required. */
function requiresModules(version: string): boolean {
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 15);
}

describe.concurrent.each(nodes())('TypeScript on Node.js $version', ({ version, path: node }) => {
  const cases = typescriptCases.filter((one) => !one.requiresModules || requiresModules(version));
  test.each(cases)('$name', async ({ files, links, entry, prints }) => {
    const { path: cwd } = project(files, links);
    const { code, stderr, lines } = await record(node, cwd, entry);
    expect(lines, stderr).toEqual(prints);
    expect(code, stderr).toBe(0);
  });

  const metadata = {
    'package.json': '{}',
    'tsconfig.json': '{"compilerOptions":{"module":"commonjs","target":"es2022","experimentalDecorators":true,"emitDecoratorMetadata":true}}',
    'reflect.ts': `const seen: string[] = [];
(Reflect as any).metadata = (key: string, value: unknown) => () => void seen.push(key + '=' + [value].flat().map((one: any) => one?.name).join());
export const told = seen;\n`,
    'service.ts': 'export class Service {\n  name = "service";\n}\n',
    'main.ts': `import { told } from './reflect';
import { Service } from './service';
const mark = (...of: any[]): void => {};
@mark
class Shop {
  constructor(readonly service: Service, n: number) {}
  @mark total(of: string): boolean {
    throw new Error('line 8');
  }
}
console.log(told.join(' '));
try {
  new Shop(new Service(), 1).total('');
} catch (error) {
  console.log(/main\\.ts:(\\d+)/.exec((error as Error).stack!)![1]);
}\n`,
  };

  test("metadata of decorators comes from the project's own TypeScript, at its own lines", async () => {
    const { path: cwd } = project(metadata, { typescript: path.join(root, 'node_modules', 'typescript') });
    const { lines, stderr } = await record(node, cwd, 'main.ts');
    expect(lines, stderr).toEqual(['design:returntype=Boolean design:paramtypes=String design:type=Function design:paramtypes=Service,Number', '8']);
  });

  test('without TypeScript the program runs, without metadata', async () => {
    const { path: cwd } = project(metadata);
    const { lines, stderr } = await record(node, cwd, 'main.ts');
    expect(lines, stderr).toEqual(['', '8'].filter((line) => line !== ''));
  });

  test('what is no TypeScript is told with its place', async () => {
    const { path: cwd } = project({ 'package.json': '{}', 'main.ts': 'const fine: number = 1;\nconst = 2;\n' });
    const { stderr } = await record(node, cwd, 'main.ts');
    expect(stderr).toMatch(/main\.ts:2:6: ERROR: Expected identifier but found "="/);
  });
});

test('what is missing for metadata is noted once a tsconfig', async () => {
  const folder = project({
    'tsconfig.json': '{"compilerOptions":{"emitDecoratorMetadata":true,"experimentalDecorators":true}}',
    'a.ts': "import './b';\n@(() => {}) class A {}\n",
    'b.ts': '@(() => {}) class B {}\n',
    'js/.keep': '',
  });
  const transpiled = path.join(folder.path, 'js');
  await prepareTypescript(path.join(folder.path, 'a.ts'), path.join(root, 'node_modules', 'esbuild', 'lib', 'main.js'), transpiled);
  const notes = readNotes(transpiled);
  expect(notes).toHaveLength(1);
  expect(notes[0]).toMatchObject({ kind: 'metadata-without-typescript', tsconfig: path.join(folder.path, 'tsconfig.json'), reason: 'not-found' });
  expect([path.join(folder.path, 'a.ts'), path.join(folder.path, 'b.ts')]).toContain(notes[0]?.file);
  expect(JSON.parse(readFileSync(path.join(transpiled, 'notes.json'), 'utf8'))).toEqual(notes);
});

describe('a loader of the user keeps its place', () => {
  // Each marks what it has compiled, which esbuild does not.
  const compile = `(text) => 'globalThis.by = "user";' + text.replace(': number', '')`;
  const files = {
    'package.json': '{}',
    'main.ts': 'const n: number = 1;\nconsole.log((globalThis as any).by ?? "plateau", n);\n'.replace('(globalThis as any)', 'globalThis'),
    'node_modules/ts-node/package.json': '{"name":"ts-node"}',
    'node_modules/ts-node/register.js': `const fs = require('fs'); const compile = ${compile};
require('module')._extensions['.ts'] = (module, file) => module._compile(compile(fs.readFileSync(file, 'utf8')), file);\n`,
    'node_modules/ts-node/esm.mjs': `import fs from 'node:fs'; const compile = ${compile};
export const load = (url, context, next) => url.endsWith('main.ts') ? { format: 'module', source: compile(fs.readFileSync(new URL(url), 'utf8')), shortCircuit: true } : next(url, context);\n`,
    'setup.cjs': "require('ts-node/register');\n",
    'setup.mjs': "import { register } from 'node:module';\nregister('ts-node/esm.mjs', import.meta.url);\n",
  };
  test.each([
    ['-r', '--require ts-node/register'],
    ['=', '--require=ts-node/register'],
    ['by a file of its own', '--require ./setup.cjs'],
    ['by --import', '--import ./setup.mjs'],
  ])('%s', async (_, options) => {
    const { path: cwd } = project(files);
    const { lines, stderr } = await record(process.execPath, cwd, 'main.ts', { NODE_OPTIONS: options });
    expect(lines, stderr).toEqual(['user 1']);
  });

  test('one that puts its compiler on each module has it there only', async () => {
    const { path: cwd } = project({
      'package.json': '{}',
      'main.ts': "const n: number = 1;\nrequire('./other.js');\nconsole.log(globalThis.times, n);\n",
      'other.js': 'module.exports = 1;\n',
      'node_modules/ts-node/package.json': '{"name":"ts-node"}',
      'node_modules/ts-node/register.js': `const { _extensions: table } = require('module'); const js = table['.js'];
table['.ts'] = (module, file) => {
  const compile = module._compile;
  module._compile = function (text, name) {
    return compile.call(this, 'globalThis.times = (globalThis.times ?? 0) + 1;' + text.replace(': number', ''), name);
  };
  js(module, file);
};\n`,
    });
    const { lines, stderr } = await record(process.execPath, cwd, 'main.ts', { NODE_OPTIONS: '-r ts-node/register' });
    expect(lines, stderr).toEqual(['1 1']);
  });
});
