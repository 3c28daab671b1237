import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { type Folder, plateau, root, temporaryFolder } from '../support/run';

/** Scripts that are no file any more when a recording ends, or never were one, and have a map in their text. */
const folders: Folder[] = [];
afterAll(() => {
  for (const folder of folders) folder.remove();
});

/** A source whose line 8 is hot, in a function that begins on line 5. Types before it, so that what ran has other lines. */
const source = `interface Options {
  times: number;
}

export function slow({ times }: Options): number {
  let h = 0;
  for (let i = 0; i < times; i++) {
    h = Math.sqrt(Math.abs(Math.sin(h) * 33 + i)) | 0;
    if (i === 7) h++;
  }
  return h;
}
`;
const HOT = 8;
const BEGIN = 5;

/** Where esbuild is, for programs in other folders. */
const esbuild = JSON.stringify(path.join(root, 'node_modules/esbuild/lib/main.js'));
const vite = path.join(root, 'node_modules/vite/bin/vite.js');
/** Bundles `slow.ts` as tools do that load a configuration. */
const bundle = (format: 'esm' | 'cjs', file = 'out.js'): string =>
  `const { text } = require(${esbuild}).buildSync({ entryPoints: [path.join(__dirname, 'slow.ts')], bundle: true, write: false, format: '${format}', platform: 'node', sourcemap: 'inline', outfile: path.join(__dirname, '${file}') }).outputFiles[0];`;
const head = `const path = require('node:path');\nconst fs = require('node:fs');\n`;
const run = 'for (let i = 0; i < 6; i++) slow({ times: 2e6 });';
const viteConfig = `${source}export default { plugins: [{ name: 'slow', transform: () => { slow({ times: 12e6 }); return null; } }], build: { lib: { entry: 'index.ts', formats: ['es'] } } };\n`;

interface Case {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  /** The file of the hot line. */
  readonly file: string;
  /** What the table calls it, where that is no file. */
  readonly url?: string;
}

const cases: readonly Case[] = [
  {
    name: 'the configuration of Vite as an ES module',
    files: { 'package.json': '{"type":"module"}', 'vite.config.ts': viteConfig, 'index.ts': 'export const a = 1;\n' },
    command: ['node', vite, 'build'],
    file: 'vite.config.ts',
  },
  {
    name: 'the configuration of Vite in a package of CommonJS',
    files: { 'package.json': '{}', 'vite.config.ts': viteConfig, 'index.ts': 'export const a = 1;\n' },
    command: ['node', vite, 'build'],
    file: 'vite.config.ts',
  },
  {
    name: 'a bundle of ES modules in node_modules that is deleted after its import',
    files: {
      'slow.ts': source,
      'main.cjs': `${head}${bundle('esm', 'node_modules/.made/slow.mjs')}
const file = path.join(__dirname, 'node_modules/.made/slow.mjs');
fs.mkdirSync(path.dirname(file));
fs.writeFileSync(file, text);
import(require('node:url').pathToFileURL(file)).then(({ slow }) => { fs.rmSync(file); ${run} });\n`,
    },
    command: ['node', 'main.cjs'],
    file: 'slow.ts',
  },
  {
    name: 'a bundle of CommonJS that is deleted after it was required',
    files: {
      'slow.ts': source,
      'main.cjs': `${head}${bundle('cjs', 'made.cjs')}
const file = path.join(__dirname, 'made.cjs');
fs.writeFileSync(file, text);
const { slow } = require(file);
fs.rmSync(file);
${run}\n`,
    },
    command: ['node', 'main.cjs'],
    file: 'slow.ts',
  },
  {
    name: 'a text that is compiled under the name of its source while another loader stands in for a moment',
    files: {
      'slow.ts': source,
      'main.cjs': `${head}${bundle('cjs')}
const load = require.extensions['.js'];
require.extensions['.ts'] = (module, file) => module._compile(text, file);
const { slow } = require('./slow.ts');
delete require.extensions['.ts'];
require.extensions['.js'] = load;
${run}\n`,
    },
    command: ['node', 'main.cjs'],
    file: 'slow.ts',
  },
  {
    name: 'a module that a bundler evaluates under an address of its own',
    files: {
      'slow.ts': source,
      'main.cjs': `${head}${bundle('cjs')}
const module_ = { exports: {} };
(0, eval)('(function (module, exports) {' + text + '\\n//# sourceURL=webpack-internal:///./slow.ts\\n})')(module_, module_.exports);
const { slow } = module_.exports;
${run}\n`,
    },
    command: ['node', 'main.cjs'],
    file: 'slow.ts',
    url: 'webpack-internal:///./slow.ts',
  },
  {
    name: 'a script of vm with a map in it',
    files: {
      'slow.ts': source,
      'main.cjs': `${head}${bundle('cjs')}
const vm = require('node:vm');
const module_ = { exports: {} };
new vm.Script('(function (module, exports) {' + text + '\\n})', { filename: path.join(__dirname, 'virtual.js') }).runInThisContext()(module_, module_.exports);
const { slow } = module_.exports;
${run}\n`,
    },
    command: ['node', 'main.cjs'],
    file: 'slow.ts',
  },
  {
    name: 'the top of a bundle that is deleted',
    files: {
      'slow.ts': `${source.replace('export function slow({ times }: Options): number {', 'const { times }: Options = { times: 12e6 };\n{').replace('  return h;\n', '')}export {};\n`,
      'main.cjs': `${head}${bundle('esm', 'node_modules/.made/slow.mjs')}
const file = path.join(__dirname, 'node_modules/.made/slow.mjs');
fs.mkdirSync(path.dirname(file));
fs.writeFileSync(file, text);
import(require('node:url').pathToFileURL(file)).then(() => fs.rmSync(file));\n`,
    },
    command: ['node', 'main.cjs'],
    file: 'slow.ts',
  },
];

interface Analyzed {
  readonly lines: readonly { readonly source?: string | null; readonly url: string; readonly line: number }[];
  readonly functions: readonly { readonly name: string; readonly url: string; readonly line: number }[];
  readonly findings: readonly { readonly rule: string; readonly place?: { readonly file: string; readonly line: number }; readonly advice: string }[];
}

const fileOf = (url: string): string => (url.startsWith('file:') ? fileURLToPath(url) : url);

test.each(cases)('$name', async ({ name, files, command, file, url: shown }) => {
  const folder = temporaryFolder(files);
  folders.push(folder);
  mkdirSync(path.join(folder.path, 'node_modules'), { recursive: true });
  const recorded = await plateau(['record', '--out', 'out.cpuprofile', '--', ...command], { cwd: folder.path });
  expect(recorded.code, recorded.stderr).toBe(0);
  const { stdout } = await plateau(['analyze', '--json', 'out.cpuprofile'], { cwd: folder.path });
  const { lines, functions, findings } = JSON.parse(stdout) as Analyzed;
  const own = path.join(folder.path, file);
  const isTop = name.startsWith('the top');
  const hot = lines.find(({ source, url }) => (source ?? fileOf(url)) === (shown ?? own));
  expect(hot).toMatchObject({ line: isTop ? HOT + 1 : HOT });
  const finding = findings.find(({ rule }) => rule === 'plateau');
  expect(finding?.place).toMatchObject({ file: own });
  expect(finding?.advice).not.toMatch(/not yours to change/);
  if (isTop) return;
  const slow = functions.find((one) => one.name === 'slow');
  expect({ ...slow, url: fileOf(slow?.url ?? '') }).toMatchObject({ url: shown ?? own, line: BEGIN });
});
