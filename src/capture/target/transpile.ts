import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { TransformOptions } from 'esbuild';
import { getTsconfig, type TsConfigResult } from 'get-tsconfig';

/**
 * TypeScript and JSX to JavaScript, one file at a time, for a target that runs
 * without a build of its own. Names are left as V8 will see them (no `keepNames`
 * helper calls), nothing newer than Node 20 is lowered, and an inline source map
 * leads back. Results are kept in a folder by content, so that what the recorder
 * has prepared costs the target one file read.
 */
export type ModuleFormat = 'module' | 'commonjs';

const extensions = /\.(tsx?|mts|cts|jsx)$/i;

export const needsTranspiling = (file: string): boolean => extensions.test(file) && !/\.d\.[cm]?ts$/i.test(file);

/** What Node.js would take the file for: by extension, then the nearest package.json, then its syntax. */
export function moduleFormat(file: string, source: string): ModuleFormat {
  if (/\.mts$/i.test(file)) return 'module';
  if (/\.cts$/i.test(file)) return 'commonjs';
  const type = packageType(path.dirname(file));
  if (type) return type;
  return /^\s*(import\s*[\w{*'"]|import\.meta|export\s+|export\s*[{*])/m.test(source) ? 'module' : 'commonjs';
}

export function transformOptions(file: string, format: ModuleFormat): TransformOptions {
  const extension = path.extname(file).toLowerCase();
  return {
    loader: extension === '.tsx' ? 'tsx' : extension === '.jsx' ? 'jsx' : 'ts',
    format: format === 'module' ? 'esm' : 'cjs',
    platform: 'node',
    target: 'node20',
    supported: { 'import-attributes': true },
    sourcefile: file,
    sourcemap: 'inline',
    sourcesContent: false,
    logLevel: 'silent',
    tsconfigRaw: { compilerOptions: transformSettings(tsconfigFor(file)) },
  };
}

/** Where the JavaScript of this source is kept. */
export function cachedFile(cacheFolder: string, file: string, source: string, format: ModuleFormat): string {
  const key = createHash('sha256')
    .update(`1\0${file}\0${format}\0`)
    .update(JSON.stringify(transformSettings(tsconfigFor(file))))
    .update(source);
  return path.join(cacheFolder, `${key.digest('hex').slice(0, 32)}.js`);
}

const tsconfigs = new Map<string, TsConfigResult | undefined>();

/** The tsconfig that governs a file, with what it extends; undefined without one or if it cannot be read. */
export function tsconfigFor(file: string): TsConfigResult | undefined {
  const folder = path.dirname(file);
  if (!tsconfigs.has(folder)) {
    let found: TsConfigResult | undefined;
    try {
      found = getTsconfig(folder) ?? undefined;
    } catch {
      // A broken tsconfig is the editor's to report; files run with the defaults.
    }
    tsconfigs.set(folder, found);
  }
  return tsconfigs.get(folder);
}

function transformSettings(config: TsConfigResult | undefined): Record<string, unknown> {
  const all = (config?.config.compilerOptions ?? {}) as Record<string, unknown>;
  const used = [
    'experimentalDecorators',
    'emitDecoratorMetadata',
    'jsx',
    'jsxFactory',
    'jsxFragmentFactory',
    'jsxImportSource',
    'useDefineForClassFields',
    'verbatimModuleSyntax',
    'target',
  ];
  return Object.fromEntries(used.filter((name) => all[name] !== undefined).map((name) => [name, all[name]]));
}

const types = new Map<string, ModuleFormat | undefined>();

function packageType(folder: string): ModuleFormat | undefined {
  if (types.has(folder)) return types.get(folder);
  let found: ModuleFormat | undefined;
  try {
    const { type } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as { type?: string };
    found = type === 'module' || type === 'commonjs' ? type : undefined;
  } catch {
    const parent = path.dirname(folder);
    found = parent === folder || path.basename(folder) === 'node_modules' ? undefined : packageType(parent);
  }
  types.set(folder, found);
  return found;
}
