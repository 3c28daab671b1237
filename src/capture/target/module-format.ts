import path from 'node:path';
import { projectCache } from './project-cache';
import { regularText } from './regular-text';
import { compilerOptionsOf, tsconfigFor } from './tsconfig';

export type ModuleFormat = 'module' | 'commonjs';

/** What Node.js takes a file for whatever it holds: by its extension, then by `type` of its package.json. */
export function fixedFormat(file: string): ModuleFormat | undefined {
  if (/\.m[jt]s$/i.test(file)) return 'module';
  if (/\.c[jt]s$/i.test(file)) return 'commonjs';
  return packageType(path.dirname(file));
}

/**
 * What the tsconfig makes of a file that nothing fixes: CommonJS where tsc writes that
 * (for `node16` and its like there is no `"type": "module"`), undefined where it leaves
 * imports as they are and the syntax decides.
 */
export function tsconfigFormat(file: string): 'commonjs' | undefined {
  const { target } = compilerOptionsOf(file);
  const module = tsconfigModule(file);
  if (module === undefined) return target === 'es3' || target === 'es5' ? 'commonjs' : undefined;
  return /^(?:commonjs|amd|umd|system|none|node(?:16|18|20|next))$/.test(module) ? 'commonjs' : undefined;
}

/**
 * Whether `import x from` of a CommonJS file gives all that it exports, as Node.js has
 * it, though the file was an ES module before it was compiled.
 */
export function hasNodeInterop(file: string): boolean {
  const module = tsconfigModule(file);
  if (module !== undefined && /^(?:commonjs|amd|umd|system|none)$/.test(module)) return false;
  return /^node/.test(module ?? '') || fixedFormat(file) !== undefined;
}

/** `module` of a file's tsconfig; what is set there for ts-node goes first. Lower case. */
function tsconfigModule(file: string): string | undefined {
  const config = tsconfigFor(file)?.config as { 'ts-node'?: { compilerOptions?: { module?: unknown } } } | undefined;
  const module = config?.['ts-node']?.compilerOptions?.module ?? compilerOptionsOf(file).module;
  return typeof module === 'string' ? module.toLowerCase() : undefined;
}

const types = projectCache<ModuleFormat | undefined>();

function packageType(folder: string): ModuleFormat | undefined {
  if (types.has(folder)) return types.get(folder);
  let found: ModuleFormat | undefined;
  try {
    const { type } = JSON.parse(regularText(path.join(folder, 'package.json'))) as { type?: string };
    found = type === 'module' || type === 'commonjs' ? type : undefined;
  } catch {
    const parent = path.dirname(folder);
    found = parent === folder || path.basename(folder) === 'node_modules' ? undefined : packageType(parent);
  }
  types.set(folder, found);
  return found;
}
