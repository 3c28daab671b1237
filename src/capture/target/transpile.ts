import { createHash } from 'node:crypto';
import path from 'node:path';
import type { TransformOptions } from 'esbuild';
import { transpileWithTypescript, typescriptFor } from './metadata';
import { fixedFormat, type ModuleFormat, tsconfigFormat } from './module-format';
import { compilerOptionsOf } from './tsconfig';

/**
 * TypeScript and JSX to JavaScript, one file at a time, for a target that runs
 * without a build of its own. Names are left as V8 will see them (no `keepNames`
 * helper calls), nothing newer than Node 20 is lowered, and an inline source map
 * leads back. Results are kept in a folder by content, so that what the recorder
 * has prepared costs the target one file read.
 */
export interface Transpiled {
  readonly format: ModuleFormat;
  readonly code: string;
}

export type Esbuild = Pick<typeof import('esbuild'), 'transform' | 'build'>;

export interface Transpiler {
  readonly esbuild: Esbuild;
  /** The session's folder for what comes out. */
  readonly transpiled: string;
}

const extensions = /\.(tsx?|mts|cts|jsx)$/i;

export const needsTranspiling = (file: string): boolean => extensions.test(file) && !/\.d\.[cm]?ts$/i.test(file);

/** Where the JavaScript of this source is kept. Where there are both, it is an ES module that also had to be CommonJS. */
export function cachedFiles(cacheFolder: string, file: string, source: string): Readonly<Record<ModuleFormat, string>> {
  const key = createHash('sha256')
    .update(`2\0${file}\0${fixedFormat(file)}\0${tsconfigFormat(file)}\0`)
    .update(JSON.stringify(settingsOf(file)))
    .update(source)
    .digest('hex')
    .slice(0, 32);
  return { module: path.join(cacheFolder, `${key}.module.js`), commonjs: path.join(cacheFolder, `${key}.commonjs.js`) };
}

/** One file's JavaScript, in the format that Node.js would give it, or the one wanted. Rejects with esbuild's words where it is no TypeScript. */
export async function transpile({ esbuild, transpiled }: Transpiler, file: string, text: string, wanted?: ModuleFormat): Promise<Transpiled> {
  const fixed = wanted ?? fixedFormat(file);
  const format = fixed ?? (await formatByContent(esbuild, file, text));
  const typescript = typescriptFor(file, text, transpiled);
  if (typescript) return { format, code: transpileWithTypescript(typescript, file, text, format) };
  try {
    return { format, code: await transform(esbuild, file, text, format) };
  } catch (error) {
    // Only ES modules have it; where nothing says that this is none, it is one.
    if (fixed || format === 'module' || !String(error).includes('Top-level await')) throw error;
    return { format: 'module', code: await transform(esbuild, file, text, 'module') };
  }
}

async function transform(esbuild: Esbuild, file: string, text: string, format: ModuleFormat): Promise<string> {
  const options: TransformOptions = {
    ...commonOptions(file),
    format: format === 'module' ? 'esm' : 'cjs',
    supported: { 'import-attributes': true },
    sourcefile: file,
    sourcemap: 'inline',
    sourcesContent: false,
    ...(format === 'commonjs' && text.includes('import.meta') ? importMeta : {}),
    ...(format === 'module' && /\bimport\s+[\w$]+\s*=\s*require\b/.test(text) ? ownRequire : {}),
  };
  const { code } = await esbuild.transform(text, options);
  if (format === 'module' || compilerOptionsOf(file).esModuleInterop === true) return code;
  // Without esModuleInterop `import * as x` is what `require` gives, which may be called.
  return code.replace(/^(var (?!import_)[\w$]+ = )__toESM\((require\("[^"\n]+"\))\);$/gm, '$1$2;');
}

/** `import.meta` for what has to be CommonJS. On one line with the first of the file, so no line moves. */
const importMeta: TransformOptions = {
  define: { 'import.meta': '__importMeta' },
  banner: '"use strict"; const __importMeta = { url: require("node:url").pathToFileURL(__filename).href, filename: __filename, dirname: __dirname };',
};

/** What tsc writes for `import x = require()` in an ES module. */
const ownRequire: TransformOptions = {
  banner: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
};

function commonOptions(file: string) {
  return {
    loader: loaderOf(file),
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
    tsconfigRaw: { compilerOptions: settingsOf(file) },
  } satisfies TransformOptions;
}

function loaderOf(file: string): 'tsx' | 'jsx' | 'ts' {
  const extension = path.extname(file).toLowerCase();
  return extension === '.tsx' ? 'tsx' : extension === '.jsx' ? 'jsx' : 'ts';
}

/**
 * The format of a file that neither its extension nor its package fixes. esbuild says
 * whether it has the syntax of a module; its `define` replaces only names that the file
 * does not declare, which tells what it takes from Node.js.
 */
async function formatByContent(esbuild: Esbuild, file: string, text: string): Promise<ModuleFormat> {
  const configured = tsconfigFormat(file);
  if (configured && !text.includes('import.meta')) return configured;
  const { loader, ...common } = commonOptions(file);
  const result = await esbuild.build({
    ...common,
    stdin: { contents: text, sourcefile: file, loader },
    define: { 'import.meta': 'plateauMeta', ...Object.fromEntries(commonJsNames.map((name) => [name, 'plateauCommonJs'])) },
    bundle: false,
    write: false,
    metafile: true,
  });
  const code = result.outputFiles?.[0]?.text ?? '';
  if (code.includes('plateauMeta')) return 'module';
  if (configured) return configured;
  const isModule = Object.values(result.metafile?.inputs ?? {}).some((input) => input.format === 'esm');
  return isModule && !code.includes('plateauCommonJs') ? 'module' : 'commonjs';
}

const commonJsNames = ['require', 'module', 'exports', '__filename', '__dirname'];

const usedSettings = [
  'experimentalDecorators',
  'emitDecoratorMetadata',
  'jsx',
  'jsxFactory',
  'jsxFragmentFactory',
  'jsxImportSource',
  'useDefineForClassFields',
  'verbatimModuleSyntax',
  'preserveValueImports',
  'importsNotUsedAsValues',
  'esModuleInterop',
  'alwaysStrict',
  'target',
];

function settingsOf(file: string): Record<string, unknown> {
  const all = compilerOptionsOf(file);
  const used = Object.fromEntries(usedSettings.filter((name) => all[name] !== undefined).map((name) => [name, all[name]]));
  // Left to a bundler; nobody is there to do it.
  return used.jsx === 'preserve' || used.jsx === 'react-native' ? { ...used, jsx: 'react-jsx' } : used;
}
