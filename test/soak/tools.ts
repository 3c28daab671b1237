/** Real tools that are recorded: each with a small project in which a function named `planted` computes. */

export interface Tool {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  /** Threads in which `planted` computes; 0 where there is no place for it. */
  readonly planted: number;
}

/** What all of them need together, for one `npm install`. */
export const packages: readonly string[] = [
  'vitest@4',
  'jest@30',
  'ava@6',
  'mocha@11',
  'webpack@5',
  'webpack-cli@6',
  'terser-webpack-plugin@5',
  'turbo@2',
  'typescript@5',
  '@nestjs/common@11',
  '@nestjs/core@11',
  '@nestjs/platform-express@11',
  'reflect-metadata',
  'rxjs',
  'next@15',
  'react@19',
  'react-dom@19',
];

/** Milliseconds in each place. */
export const PLANTED_MS = 700;

const PLANTED = `function planted() { let sum = 0; for (const end = Date.now() + ${PLANTED_MS}; Date.now() < end; ) for (let i = 0; i < 3000; i++) sum += Math.sqrt(i) * Math.sin(i); return sum; }`;
const commonJs = { 'planted.cjs': `${PLANTED}\nmodule.exports = { planted };\n` };
const pair = (extension: string, text: string): Record<string, string> => ({
  [`test/a${extension}`]: text.replaceAll('NAME', 'a'),
  [`test/b${extension}`]: text.replaceAll('NAME', 'b'),
});
const vitestFiles = {
  ...commonJs,
  'package.json': '{"type":"module"}',
  ...pair(
    '.test.js',
    `import { expect, test } from 'vitest'; import { planted } from '../planted.cjs'; test('NAME', () => { expect(planted()).toBeTypeOf('number'); }); test('NAME fails not', () => {});`,
  ),
};
const jestFiles = {
  ...commonJs,
  'package.json': '{"jest":{"testEnvironment":"node"}}',
  ...pair('.test.js', `const { planted } = require('../planted.cjs'); test('NAME', () => { expect(typeof planted()).toBe('number'); });`),
};

export const tools: readonly Tool[] = [
  { name: 'Vitest, threads', files: vitestFiles, command: ['npx', 'vitest', 'run', '--pool=threads', '--maxWorkers=2'], planted: 2 },
  { name: 'Vitest, forks', files: vitestFiles, command: ['npx', 'vitest', 'run', '--pool=forks', '--maxWorkers=2'], planted: 2 },
  { name: 'Jest, two workers', files: jestFiles, command: ['npx', 'jest', '-w', '2'], planted: 2 },
  {
    name: 'Jest, a failing test',
    files: { ...jestFiles, 'test/b.test.js': `const { planted } = require('../planted.cjs'); test('b', () => { planted(); expect(1).toBe(2); });` },
    command: ['npx', 'jest', '-w', '2'],
    planted: 2,
  },
  {
    name: 'AVA',
    files: {
      ...commonJs,
      'package.json': '{"type":"module"}',
      ...pair('.js', `import test from 'ava'; import { planted } from '../planted.cjs'; test('NAME', (t) => { t.is(typeof planted(), 'number'); });`),
    },
    command: ['npx', 'ava', '--concurrency=2'],
    planted: 2,
  },
  {
    name: 'Mocha',
    files: {
      ...commonJs,
      ...pair(
        '.js',
        `const { planted } = require('../planted.cjs'); describe('NAME', () => { it('works', function () { this.timeout(60000); planted(); }); });`,
      ),
    },
    command: ['npx', 'mocha', '--check-leaks'],
    planted: 1,
  },
  {
    name: 'Mocha, parallel',
    files: {
      ...commonJs,
      ...pair(
        '.js',
        `const { planted } = require('../planted.cjs'); describe('NAME', () => { it('works', function () { this.timeout(60000); planted(); }); });`,
      ),
    },
    command: ['npx', 'mocha', '--parallel', '--jobs', '2'],
    planted: 2,
  },
  {
    name: 'node --test',
    files: { ...commonJs, ...pair('.test.js', `const { planted } = require('../planted.cjs'); require('node:test')('NAME', () => { planted(); });`) },
    command: ['node', '--test', '--test-concurrency=2'],
    planted: 2,
  },
  {
    name: 'webpack with terser',
    files: {
      ...commonJs,
      'loader.cjs': `const { planted } = require('./planted.cjs'); module.exports = (text) => { planted(); return text; };`,
      'src/index.js': `import { b } from './b.js'; console.log(b(5));`,
      'src/b.js': Array.from(
        { length: 800 },
        (_, i) => `export function b${i || ''}(value) { const doubled = value * ${i} + ${i}; return doubled > 10 ? [doubled, 'text ${i}'] : { value }; }`,
      ).join('\n'),
      'webpack.config.cjs': `const Terser = require('terser-webpack-plugin'); module.exports = { mode: 'production', entry: { one: './src/index.js', two: './src/b.js' }, optimization: { minimizer: [new Terser({ parallel: 2 })] }, module: { rules: [{ test: /index\\.js$/, use: './loader.cjs' }] }, stats: { timings: false, builtAt: false } };`,
    },
    command: ['npx', 'webpack'],
    planted: 1,
  },
  {
    name: 'turbo, two packages',
    files: {
      'package.json': '{"name":"root","private":true,"packageManager":"npm@10.9.0","workspaces":["packages/*"]}',
      'package-lock.json': '{"name":"root","lockfileVersion":3,"packages":{}}',
      'turbo.json': '{"tasks":{"build":{"cache":false}}}',
      ...Object.fromEntries(
        ['a', 'b'].flatMap((name) => [
          [`packages/${name}/package.json`, `{"name":"${name}","version":"1.0.0","scripts":{"build":"node build.cjs"}}`],
          [`packages/${name}/build.cjs`, `${PLANTED}\nplanted(); console.log('built ${name}');`],
        ]),
      ),
    },
    command: ['npx', 'turbo', 'run', 'build', '--ui=stream', '--no-daemon', '--output-logs=full'],
    planted: 2,
  },
  {
    name: 'Nest',
    files: {
      'tsconfig.json':
        '{"compilerOptions":{"module":"commonjs","target":"es2022","experimentalDecorators":true,"emitDecoratorMetadata":true,"outDir":"dist","skipLibCheck":true,"types":[]},"files":["main.ts"]}',
      'main.ts': `import 'reflect-metadata'; import { Controller, Get, Injectable, Module } from '@nestjs/common'; import { NestFactory } from '@nestjs/core';
${PLANTED}
@Injectable() class Work { run(): number { return planted(); } }
@Controller() class Root { constructor(private readonly work: Work) {} @Get() get(): string { return typeof this.work.run(); } }
@Module({ controllers: [Root], providers: [Work] }) class App {}
(async () => { const app = await NestFactory.create(App, { logger: false }); await app.listen(0); console.log(await (await fetch(await app.getUrl())).text()); await app.close(); })();`,
    },
    command: ['sh', '-c', 'npx tsc -p . && node dist/main.js'],
    planted: 1,
  },
  {
    name: 'Next build',
    files: {
      'next.config.js': 'module.exports = { eslint: { ignoreDuringBuilds: true }, experimental: { cpus: 2 } };',
      'pages/index.js': `${PLANTED}\nexport default function Page({ sum }) { return <p>{sum}</p>; }\nexport async function getStaticProps() { return { props: { sum: typeof planted() } }; }`,
    },
    command: ['npx', 'next', 'build'],
    planted: 0, // it is minified, and has another name
  },
  {
    name: 'tsc -b',
    files: {
      'tsconfig.json': '{"files":[],"references":[{"path":"./a"},{"path":"./b"}]}',
      'a/tsconfig.json': '{"compilerOptions":{"composite":true,"outDir":"../out/a","types":[]}}',
      'a/a.ts': 'export const a: number = 5;\n',
      'b/tsconfig.json': '{"compilerOptions":{"composite":true,"outDir":"../out/b","types":[]},"references":[{"path":"../a"}]}',
      'b/b.ts': "import { a } from '../a/a';\nexport const b: string = a;\n",
    },
    command: ['npx', 'tsc', '-b'],
    planted: 0,
  },
];
