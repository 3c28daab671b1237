/**
 * Lets a Node.js process run TypeScript and JSX, with `--import`. Node.js with
 * `module.registerHooks` (22.15, 23.5) needs only that; before it, imports go
 * through a hooks thread and `require` through the CommonJS loader's own tables.
 */
import fs from 'node:fs';
import Module from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { loadSource } from './load';
import { resolveImport } from './resolve';
import { needsTranspiling } from './transpile';

type NextResolve = (specifier: string, context: unknown) => unknown;
interface Hooks {
  resolve(specifier: string, context: { parentURL?: string }, next: NextResolve): unknown;
  load(url: string, context: unknown, next: (url: string, context: unknown) => unknown): unknown;
}
interface Internals {
  registerHooks?: (hooks: Hooks) => void;
  register?: (specifier: string) => void;
  _extensions: Record<string, (module: NodeModule & { _compile(code: string, file: string): void }, file: string) => void>;
  _resolveFilename(request: string, parent: { filename?: string } | undefined, ...rest: unknown[]): string;
}
const internals = Module as unknown as Internals;

if (!otherLoader()) {
  process.setSourceMapsEnabled?.(true);
  if (internals.registerHooks) useSyncHooks(internals.registerHooks);
  else useLoaders();
}

/** A loader that the user has set up knows the project better. */
function otherLoader(): boolean {
  const flags = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].join(' ');
  return /(?:^|[\s=/@])(tsx|ts-node|@swc-node|esbuild-register|sucrase|jiti|@babel\/register)(?:[\s/"']|$)/.test(flags);
}

function useSyncHooks(registerHooks: (hooks: Hooks) => void): void {
  registerHooks({
    resolve(specifier, context, next) {
      const file = resolveImport(specifier, fileOf(context.parentURL));
      // `require` would take a url for a path, so the answer is given here for both.
      return file ? { url: pathToFileURL(file).href, shortCircuit: true } : next(specifier, context);
    },
    load(url, context, next) {
      const file = fileOf(url);
      if (!file || !needsTranspiling(file) || file.includes(`${path.sep}node_modules${path.sep}`)) return next(url, context);
      return { ...loadSource(file), shortCircuit: true };
    },
  });
}

function useLoaders(): void {
  const folder = path.dirname(fs.realpathSync(__filename));
  internals.register?.(pathToFileURL(path.join(folder, 'hooks-thread.mjs')).href);
  for (const extension of ['.ts', '.tsx', '.cts', '.mts', '.jsx']) {
    internals._extensions[extension] = (module, file) => module._compile(loadSource(file, 'commonjs').source, file);
  }
  const resolve = internals._resolveFilename;
  internals._resolveFilename = function (request, parent, ...rest) {
    const file = resolveImport(request, parent?.filename);
    return resolve.call(this, file ?? request, parent, ...rest);
  };
}

function fileOf(url: string | undefined): string | undefined {
  return url?.startsWith('file:') ? fileURLToPath(url.replace(/[?#].*$/, '')) : undefined;
}
