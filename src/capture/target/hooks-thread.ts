/** The resolve and load hooks of Node.js 20 (`module.register`), which run in a thread of their own. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { loadSource } from './load';
import { resolveImport } from './resolve';
import { needsTranspiling } from './transpile';

interface Resolved {
  readonly url: string;
  readonly format?: string;
}

export async function resolve(
  specifier: string,
  context: { parentURL?: string },
  next: (specifier: string, context: unknown) => Promise<Resolved>,
): Promise<Resolved & { shortCircuit?: boolean }> {
  const file = resolveImport(specifier, fileOf(context.parentURL));
  if (file && needsTranspiling(file)) return { url: pathToFileURL(file).href, shortCircuit: true };
  return next(file ? pathToFileURL(file).href : specifier, context);
}

export async function load(url: string, context: unknown, next: (url: string, context: unknown) => Promise<unknown>): Promise<unknown> {
  const file = fileOf(url);
  if (!file || !needsTranspiling(file) || /[\\/]node_modules[\\/]/.test(file)) return next(url, context);
  const loaded = loadSource(file);
  // Without a source the CommonJS loader reads the file itself, through its patched table.
  return loaded.format === 'commonjs' ? { format: 'commonjs', source: null, shortCircuit: true } : { ...loaded, shortCircuit: true };
}

function fileOf(url: string | undefined): string | undefined {
  return url?.startsWith('file:') ? fileURLToPath(url.replace(/[?#].*$/, '')) : undefined;
}
