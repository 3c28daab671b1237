/**
 * Small TypeScript projects, each with what it prints. What is expected was worked out
 * from the language and from how Node.js runs what tsc writes, not from a run of Plateau.
 */
export interface TypescriptCase {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly entry: string;
  readonly prints: readonly string[];
  /** Only where an ES module can be required, with hooks: Node.js 22.15 and later. */
  readonly requiresModules?: boolean;
  /** Links in node_modules to folders of the project. */
  readonly links?: Readonly<Record<string, string>>;
}

const json = (value: unknown): string => JSON.stringify(value);
const tsconfig = (compilerOptions: Record<string, unknown>, more: Record<string, unknown> = {}): string => json({ compilerOptions, ...more });

const formats: TypescriptCase[] = [
  {
    name: 'CommonJS by tsconfig: its require, its module, its folder',
    files: {
      'package.json': json({ name: 'own' }),
      'tsconfig.json': tsconfig({ module: 'commonjs', esModuleInterop: true }),
      'main.ts': `import path from 'node:path';
const own = require('./package.json') as { name: string };
console.log(path.basename(__filename), own.name, require.main === module, typeof require.cache, module.id, module.parent ?? 'none');
import { twice } from './lib';
console.log(twice(21), Object.keys(require.cache).filter((file) => file.startsWith(__dirname)).length, typeof require.extensions);
`,
      'lib.ts': 'export function twice(n: number): number { return 2 * n; }\nif (require.main === module) console.log("wrong");\n',
    },
    entry: 'main.ts',
    prints: ['main.ts own true object . none', '42 3 object'],
  },
  {
    name: 'CommonJS by package.json, without a tsconfig',
    files: {
      'package.json': json({ type: 'commonjs' }),
      'main.ts': `import { work } from './work';\nimport data from './data.json';\nconsole.log(work(data.n), typeof __dirname, this === module.exports);\n`,
      'work.ts': 'export const work = (n: number): number => n + 1;\n',
      'data.json': '{"n": 1}',
    },
    entry: 'main.ts',
    prints: ['2 string true'],
  },
  {
    name: 'node16 without a type is CommonJS, with comments, an array of extends and a trailing comma',
    files: {
      'package.json': '{}',
      'base/a.json': tsconfig({ module: 'esnext', strict: true }),
      'base/b.json': '{ /* later wins */ "compilerOptions": { "module": "Node16", }, }',
      'tsconfig.json': '// project\n{ "extends": ["./base/a.json", "./base/b"], "compilerOptions": { "target": "es2022" } }',
      'main.ts': `import fs = require('node:fs');\nexport {};\nconsole.log(typeof fs.readFileSync, typeof module, typeof require);\n`,
    },
    entry: 'main.ts',
    prints: ['function object function'],
  },
  {
    name: 'nodenext with a type is a module; .cts in it is not',
    files: {
      'package.json': json({ type: 'module' }),
      'tsconfig.json': tsconfig({ module: 'nodenext' }),
      'main.ts': `import { old, Kind } from './old.cjs';\nimport whole from './old.cjs';\nimport one = require('./one.cjs');
console.log(old(2), Kind.B, typeof whole.old, one.a, typeof require === 'function', import.meta.url.endsWith('main.ts'));\nawait Promise.resolve();\n`,
      'old.cts': `import path = require('node:path');\nexport function old(n: number) { return path.posix.join('a', String(n)); }\nexport enum Kind { A = 1, B = A << 2 }\n`,
      'one.cts': `export = { a: __filename.endsWith('one.cts') };\n`,
    },
    entry: 'main.ts',
    prints: ['a/2 4 function true true true'],
  },
  {
    name: 'without a word on modules the syntax decides, and what it takes from Node.js',
    files: {
      'package.json': '{}',
      'main.ts': `import { esm } from './esm';\nimport def, { cjs } from './cjs';\nconsole.log(esm, cjs, def, this === undefined);\nconst t = await import('./text.js');\nconsole.log(t.text);\n`,
      'esm.ts': `export const esm = import.meta.url.slice(-6);\n`,
      'cjs.ts': `export const cjs = require('./text').text + __filename.slice(-6);\nexport default 'def';\n`,
      'text.ts': '// import.meta and export in a comment\nconst text = `\nexport const no = await 1;\n`.length;\nexports.text = text;\n',
    },
    entry: 'main.ts',
    prints: ['esm.ts 28cjs.ts def true', '28'],
  },
  {
    name: 'top-level await and import.meta win over a tsconfig that says CommonJS',
    files: {
      'package.json': '{}',
      'tsconfig.json': tsconfig({ module: 'commonjs' }),
      'main.mts': `import { a } from './await';\nimport { m } from './meta';\nconsole.log(a, m);\n`,
      'await.ts': 'export const a: number = await Promise.resolve(1);\n',
      'meta.ts': 'export const m: string = import.meta.url.slice(-7);\n',
    },
    entry: 'main.mts',
    prints: ['1 meta.ts'],
  },
  {
    name: 'ES modules by tsconfig: JSON, preserve, .js for .ts where both are there',
    files: {
      'package.json': json({ type: 'module', version: '1.2.3' }),
      'tsconfig.json': tsconfig({ module: 'preserve', target: 'esnext', resolveJsonModule: true }),
      'main.ts': `import pkg, { version } from './package.json';\nimport typed from './package.json' with { type: 'json' };\nimport { from } from './both.js';\nimport { inner } from './folder';\nconsole.log(pkg.type, version, typed.version, from, inner);\n`,
      'both.ts': "export const from: string = 'ts';\n",
      'both.js': "export const from = 'js';\n",
      'folder/index.tsx': "export const inner = 'index' as const;\n",
    },
    entry: 'main.ts',
    prints: ['module 1.2.3 1.2.3 ts index'],
  },
  {
    name: 'require of an ES module',
    requiresModules: true,
    files: {
      'package.json': '{}',
      'tsconfig.json': tsconfig({ module: 'nodenext' }),
      'main.cts': `import { count } from './count.mjs';\nimport def from './count.mjs';\nconsole.log(count(), def);\nvoid import('./count.mjs').then((m) => console.log(m.count()));\n`,
      'count.mts': `import { step } from './step.cjs';\nlet n = 0;\nexport const count = (): number => (n += step);\nexport default import.meta.url.slice(-9);\n`,
      'step.cts': 'export const step: number = 5;\n',
    },
    entry: 'main.cts',
    prints: ['5 count.mts', '10'],
  },
];

const interop: TypescriptCase[] = [
  {
    name: 'without esModuleInterop a namespace is what require gives',
    files: {
      'package.json': '{}',
      'tsconfig.json': tsconfig({ module: 'commonjs' }),
      'main.ts': `import * as make from './make';\nimport * as path from 'path';\nimport same = require('./make');\nconsole.log(make(2), path.posix.join('a', 'b'), (make as unknown) === same);\nexport = { make };\n`,
      'make.ts': 'function make(n: number): number { return n * 3; }\nnamespace make { export const x = 1; }\nexport = make;\n',
    },
    entry: 'main.ts',
    prints: ['6 a/b true'],
  },
  {
    name: 'with esModuleInterop the default is the whole, and dynamic imports find it',
    files: {
      'package.json': '{}',
      'tsconfig.json': tsconfig({ module: 'commonjs', esModuleInterop: true }),
      'plain.js': 'module.exports = function plain() { return "plain"; };\n',
      'main.ts': `import plain from './plain';\nimport * as all from './esm';\nconsole.log(plain(), all.default, all.named, typeof all);
async function later(): Promise<void> {\n  const { default: def, named } = await import('./esm');\n  const again = await import('./again');\n  console.log(def, named, again.named, again.own, (await import('./' + 'plain.js')).default());\n}\nvoid later();\n`,
      'esm.ts': "export default 'def';\nexport const named = 'named';\n",
      'again.ts': "export * from './esm';\nexport const own: string = 'own';\n",
    },
    entry: 'main.ts',
    prints: ['plain def named object', 'def named named own plain'],
  },
  {
    name: 'ES modules import the names of every way to export in CommonJS',
    files: {
      'package.json': '{}',
      'main.mts': `import { a } from './a.cjs';\nimport b, { x, y, z } from './b.cjs';\nimport { q } from './c.cjs';\nimport * as c from './c.cjs';\nimport { 'a-b' as ab } from './c.cjs';\nconsole.log(a, x, y(), z, b.x, q, ab, Object.keys(c).filter((k) => k !== 'module.exports').join());\n`,
      'a.cts': 'exports.a = 1 as number;\n',
      'b.cts': 'const x = 2;\nmodule.exports = { x, y() { return "}, nope: 1"; }, z: { deep: 1 }.deep as number };\n',
      'c.cts': `Object.defineProperty(exports, 'q', { enumerable: true, get: (): string => 'q' });\nexports['a-b'] = 3;\n`,
    },
    entry: 'main.mts',
    prints: ['1 2 }, nope: 1 1 2 q 3 a-b,default,q'],
  },
];

const resolution: TypescriptCase[] = [
  {
    name: 'paths, baseUrl, rootDirs and a path to declarations only',
    files: {
      'package.json': '{}',
      'tsconfig.json': tsconfig({
        module: 'commonjs',
        baseUrl: './src',
        paths: { '@lib/*': ['missing/*', 'lib/*'], exact: ['lib/exact.ts'], '*': ['*', '../types/*'] },
        rootDirs: ['./src', './generated'],
      }),
      'src/main.ts': `import { one } from '@lib/one';\nimport { exact } from 'exact';\nimport { base } from 'lib/base';\nimport { view } from './view';\nimport { real } from 'real';\nconsole.log(one, exact, base, view, real);\n`,
      'src/lib/one.ts': 'export const one = 1;\n',
      'src/lib/exact.ts': 'export const exact = 2;\n',
      'src/lib/base/index.ts': 'export const base = 3;\n',
      'generated/view.ts': 'export const view = 4;\n',
      'types/real.d.ts': 'export declare const real: number;\n',
      'node_modules/real/index.js': 'exports.real = 5;\n',
    },
    entry: 'src/main.ts',
    prints: ['1 2 3 4 5'],
  },
  {
    name: 'a solution-style tsconfig: the project that includes the file governs it',
    files: {
      'package.json': '{}',
      'tsconfig.json': json({ files: [], references: [{ path: './tsconfig.app.json' }, { path: './tsconfig.node.json' }, { path: './gone.json' }] }),
      'tsconfig.app.json': tsconfig({ module: 'esnext', paths: { '@/*': ['./src/*'] } }, { include: ['src'] }),
      'tsconfig.node.json': tsconfig({ module: 'commonjs', paths: { '@/*': ['./tools/*'] } }, { include: ['tools', 'main.ts'] }),
      'main.ts': `import { where } from '@/where';\nconsole.log(where, typeof require);\nvoid import('./src/app').then(({ app }) => console.log(app));\n`,
      'tools/where.ts': "export const where = 'tools';\n",
      'src/app.ts': `import { where } from '@/where';\nexport const app = where + typeof import.meta;\n`,
      'src/where.ts': "export const where = 'src';\n",
    },
    entry: 'main.ts',
    prints: ['tools function', 'srcobject'],
  },
  {
    name: 'project references, each with its own settings',
    files: {
      'package.json': '{}',
      'tsconfig.json': json({ files: [], references: [{ path: './core' }, { path: './app' }] }),
      'core/tsconfig.json': tsconfig({ module: 'commonjs', composite: true, useDefineForClassFields: false, target: 'es2020' }),
      'core/index.ts': 'class Base { constructor() { (this as any).x = 1; } }\nexport class Core extends Base { x: number | undefined; }\n',
      'app/tsconfig.json': tsconfig({ module: 'commonjs', target: 'es2022', paths: { core: ['../core'] } }, { references: [{ path: '../core' }] }),
      'app/main.ts': `import { Core } from 'core';\nclass Base { constructor() { (this as any).x = 1; } }\nclass App extends Base { x: number | undefined; }\nconsole.log(new Core().x, new App().x);\n`,
    },
    entry: 'app/main.ts',
    prints: ['1 undefined'],
  },
  {
    name: 'workspaces: a linked package in TypeScript, by main, by exports with .js for .ts, and imports',
    files: {
      'package.json': json({ type: 'module', imports: { '#own/*': './src/*.js' } }),
      'tsconfig.json': tsconfig({ module: 'esnext', moduleResolution: 'bundler' }),
      'main.ts': `import { main } from '@acme/main';\nimport { sub } from '@acme/exp/sub';\nimport { own } from '#own/own';\nimport { bare } from 'bare';\nimport { deep } from 'bare/lib/deep';\nconsole.log(main, sub, own, bare, deep);\n`,
      'src/own.ts': "export const own: string = 'own';\n",
      'packages/main/package.json': json({ name: '@acme/main', main: './src/index.ts' }),
      'packages/main/src/index.ts': "export const main: string = 'main';\n",
      'packages/exp/package.json': json({ name: '@acme/exp', type: 'module', exports: { './*': './src/*.js' } }),
      'packages/exp/src/sub.ts': "export const sub: string = 'sub';\n",
      'packages/bare/package.json': json({ name: 'bare', type: 'module', main: 'lib' }),
      'packages/bare/lib/index.ts': "export const bare: string = 'bare';\n",
      'packages/bare/lib/deep.ts': "export const deep: string = 'deep';\n",
    },
    links: { '@acme/main': 'packages/main', '@acme/exp': 'packages/exp', bare: 'packages/bare' },
    entry: 'main.ts',
    prints: ['main sub own bare deep'],
  },
  {
    name: 'JavaScript that requires TypeScript, and a package that is written in it',
    files: {
      'package.json': '{}',
      'tsconfig.json': tsconfig({ module: 'commonjs' }),
      'main.ts': `const { js } = require('./js');\nimport { shipped } from 'shipped';\nconsole.log(js, shipped);\n`,
      'js.js': "const { typed } = require('./typed');\nconst { twin } = require('./twin.js');\nexports.js = typed + twin + require('./dir');\n",
      'typed.ts': "export const typed: string = 'typed';\n",
      'twin.ts': "export const twin: string = 'twin';\n",
      'dir/index.ts': "export = 'dir' as string;\n",
      'node_modules/shipped/package.json': json({ name: 'shipped', main: 'index.ts' }),
      'node_modules/shipped/index.ts': "export const shipped: string = 'shipped';\n",
    },
    entry: 'main.ts',
    prints: ['typedtwindir shipped'],
  },
];

const language: TypescriptCase[] = [
  {
    name: 'enums, const enums of other files, namespaces, parameter properties, using what is only a type',
    files: {
      'package.json': '{}',
      'tsconfig.json': tsconfig({ module: 'commonjs', strict: true }),
      'main.ts': `import { Level, type Shape, Only } from './kinds';\nimport { Level as Again } from './kinds';
enum Kind { A = 1, B = A * 2, C = 'x'.length }\nnamespace Outer { export namespace Inner { export const deep = 7; } }\nclass Point { constructor(private readonly x: number, public y = 2) {} sum() { return this.x + this.y; } }
const shape: Shape = { side: 1 };\nlet only: Only | undefined;\nconsole.log(Level.High, Kind[2], Kind.C, Outer.Inner.deep, new Point(1).sum(), shape.side, Again[5 as never] ?? 'none', (() => { 'x'; return this; })() !== globalThis);\n`,
      'kinds.ts':
        'export const enum Level { Low, High = 5 }\nexport interface Shape { side: number }\nexport class Only { static { console.log("loaded"); } }\n',
    },
    entry: 'main.ts',
    prints: ['loaded', '5 B 1 7 3 1 High true'],
  },
  {
    name: 'decorators, both kinds',
    files: {
      'package.json': '{}',
      'tsconfig.json': json({ files: [], references: [{ path: './old' }, { path: './new' }] }),
      'old/tsconfig.json': tsconfig({ module: 'commonjs', experimentalDecorators: true }),
      'old/a.ts': `const seen: string[] = [];\nfunction on(target: any, key?: any, at?: any) { seen.push([typeof target, String(key), typeof at].join(':')); }\n@on class A { @on field = 1; @on method() {} constructor(@on x?: number) {} }\nexport const old = seen.join(' ');\n`,
      'new/tsconfig.json': tsconfig({ module: 'commonjs', target: 'es2022' }),
      'new/b.ts': `function on<T>(value: T, context: DecoratorContext): void { seen.push(context.kind + ':' + String(context.name)); }\nconst seen: string[] = [];\n@on class B { @on field = 1; @on method() {} }\nexport const now = seen.join(' ');\n`,
      'main.ts': `import { old } from './old/a';\nimport { now } from './new/b';\nconsole.log(old);\nconsole.log(now);\n`,
    },
    entry: 'main.ts',
    prints: ['object:field:undefined object:method:object function:undefined:number function:undefined:undefined', 'method:method field:field class:B'],
  },
  {
    name: 'JSX, automatic and by factory, also where it was to be preserved',
    files: {
      'package.json': '{}',
      'tsconfig.json': tsconfig({ module: 'commonjs', jsx: 'preserve', jsxImportSource: 'mini' }),
      'node_modules/mini/jsx-runtime.js': 'exports.jsx = (tag, props) => tag + JSON.stringify(props);\nexports.jsxs = exports.jsx;\n',
      'main.tsx': `import { old } from './old/a';\nconst element: string = <p id="x">{1 + 1}</p> as unknown as string;\nconsole.log(element, old);\n`,
      'old/tsconfig.json': tsconfig({ module: 'commonjs', jsx: 'react', jsxFactory: 'h' }),
      'old/a.jsx': 'const h = (tag, props, ...rest) => tag + rest.join();\nexport const old = <b>{1}{2}</b>;\n',
    },
    entry: 'main.tsx',
    prints: ['p{"id":"x","children":2} b1,2'],
  },
];

const processes: TypescriptCase[] = [
  {
    name: 'worker threads, forks and what is made at run time',
    files: {
      'package.json': '{}',
      'tsconfig.json': tsconfig({ module: 'commonjs', esModuleInterop: true }),
      'main.ts': `import { fork } from 'node:child_process';\nimport path from 'node:path';\nimport { Worker } from 'node:worker_threads';
const seen: string[] = [];\nprocess.on('worker', (worker: Worker) => seen.push(worker.constructor.name));
const names: string[] = ['a', 'b', 'c', 'd', 'e'];\nconst sum = names.reduce((all: number, name) => all + require(path.join(__dirname, 'many', name)).n, 0);
const ends = (emitter: NodeJS.EventEmitter) => new Promise((resolve) => emitter.once('message', resolve));
async function main(): Promise<void> {\n  const thread = await ends(new Worker(path.join(__dirname, 'thread.ts')));\n  const child = await ends(fork(path.join(__dirname, 'child.ts')));\n  console.log(sum, thread, child, seen.join());\n}\nvoid main();\n`,
      'thread.ts': `import { parentPort } from 'node:worker_threads';\nimport { n } from './many/a';\nparentPort!.postMessage(n + (require.main === module ? 10 : 0));\n`,
      'child.ts': `import { n } from './many/b';\nprocess.send!(n);\nprocess.disconnect();\n`,
      ...Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name, i) => [`many/${name}.ts`, `export const n: number = ${i + 1};\n`])),
    },
    entry: 'main.ts',
    prints: ['15 11 2 Worker'],
  },
  {
    name: 'nothing of the loader is seen',
    files: {
      'package.json': '{}',
      'tsconfig.json': tsconfig({ module: 'commonjs' }),
      'main.ts': `const late = require('./' + 'late') as { late: number };
const cached = Object.keys(require.cache).filter((file) => !/main\\.ts$|late\\.ts$/.test(file));
const own = (process as any)._getActiveHandles().filter((handle: object) => !/^(?:Socket|WriteStream|Pipe|MessagePort)$/.test(handle.constructor.name));
console.log(late.late, own.length, cached.filter((file) => /esbuild|typescript\\/lib/.test(file)).length);\n`,
      'late.ts': 'export const late: number = 1;\n',
    },
    entry: 'main.ts',
    prints: ['1 0 0'],
  },
  {
    name: 'errors tell TypeScript lines',
    files: {
      'package.json': '{}',
      'tsconfig.json': tsconfig({ module: 'commonjs' }),
      'main.ts': `interface A {\n  x: number;\n}\n\nfunction fail(a: A): never {\n  throw new Error('at ' + a.x);\n}\ntry {\n  fail({ x: 1 });\n} catch (error) {\n  console.log(/main\\.ts:(\\d+)/.exec((error as Error).stack!)![1]);\n}\n`,
    },
    entry: 'main.ts',
    prints: ['6'],
  },
];

export const typescriptCases: readonly TypescriptCase[] = [...formats, ...interop, ...resolution, ...language, ...processes];
