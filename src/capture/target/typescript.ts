/**
 * Lets a thread run TypeScript and JSX; the hook loads it before the program. `require` goes
 * through the CommonJS loader's own tables, in every version alike; imports go through
 * `module.registerHooks` where that leaves other modules as they are, else through a
 * thread of Node.js's own.
 */
import Module from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeEntry } from './entry-file';
import { type ImportHooks, importHooks, type Loaded, type ResolveContext } from './import-hooks';
import { type LoadSource, sourceLoader } from './load';
import { isLoaderThread, startLoaderThread } from './loader-thread';
import { otherLoader } from './other-loader';
import { resolveFailed, resolveImport } from './resolve';
import { needsTranspiling } from './transpile';
import { typescriptSettings, withSession } from './typescript-settings';

interface Hooks {
  resolve(specifier: string, context: ResolveContext, next: (specifier: string, context: ResolveContext) => { url: string }): { url: string };
  load(url: string, context: ResolveContext, next: (url: string, context: ResolveContext) => unknown): unknown;
}
type Compiled = NodeModule & { _compile(code: string, file: string, format: Loaded['format']): void };
interface Internals {
  registerHooks?: (hooks: Hooks) => void;
  register?: (specifier: string) => void;
  setSourceMapsSupport?: (isEnabled: boolean, options: { nodeModules: boolean; generatedCode: boolean }) => void;
  runMain(main?: string): unknown;
  _findPath(file: string, paths: null, isMain: boolean): string | false;
  _cache: Record<string, unknown>;
  _extensions: Record<string, (module: Compiled, file: string) => void>;
  _resolveFilename(request: string, parent: { filename?: string } | undefined, isMain: boolean, options?: { paths?: unknown }): string;
}
const internals = Module as unknown as Internals;

// The program may look through what it has loaded.
delete internals._cache[__filename];

const told = typescriptSettings();
if (told && !isLoaderThread() && !otherLoader()) {
  const loadSource = sourceLoader(__dirname, told.settings);
  mapStacks();
  useRequire(loadSource);
  useImports(loadSource, told.session);
  useEntry(loadSource, told.settings.transpiled);
}

/**
 * Errors tell lines of TypeScript, as with ts-node and tsx. Packages stay as they are, where
 * Node.js (22.14, 23.7) can tell them apart: to read the maps of all their files took a
 * quarter of a program's time (TypeORM).
 */
function mapStacks(): void {
  if ((process as { sourceMapsEnabled?: boolean }).sourceMapsEnabled) return; // as the user has it
  if (internals.setSourceMapsSupport) internals.setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });
  else process.setSourceMapsEnabled(true);
}

function useRequire(loadSource: LoadSource): void {
  for (const extension of ['.ts', '.tsx', '.cts', '.mts', '.jsx']) {
    internals._extensions[extension] = (module, file) => {
      let loaded = loadSource(file);
      if (loaded.format === 'module' && !canRequireModules()) loaded = loadSource(file, 'commonjs');
      // Where the program has an `--import`, it comes through the loader of ES modules, which forgets this.
      if (process.mainModule === module) module.id = '.';
      module._compile(loaded.source, file, loaded.format);
    };
  }
  const resolve = internals._resolveFilename;
  internals._resolveFilename = function (request, parent, isMain, options) {
    const file = options?.paths ? undefined : resolveImport(request, parent?.filename);
    try {
      return resolve.call(this, file ?? request, parent, isMain, options);
    } catch (error) {
      const again = options?.paths ? undefined : resolveFailed(request, parent?.filename, error);
      if (again === undefined) throw error;
      return resolve.call(this, again, parent, isMain, options);
    }
  };
}

/** Whether `require` takes ES modules, and what these import comes through hooks: it does since Node.js has `registerHooks`. */
function canRequireModules(): boolean {
  return (process.features as { require_module?: boolean }).require_module === true && internals.registerHooks !== undefined;
}

function useImports(loadSource: LoadSource, session: string): void {
  if (internals.registerHooks && hooksAreHarmless()) {
    internals.registerHooks(syncHooks(importHooks(loadSource, pathToFileURL(__filename).href)));
    return;
  }
  const { register } = internals;
  if (register) startLoaderThread(() => register(withSession(pathToFileURL(path.join(__dirname, 'hooks-thread.mjs')).href, session)));
}

/**
 * Node.js takes the program's own file for CommonJS if it does not end in `.mjs` and has no
 * `"type": "module"`. Where it is an ES module all the same, Node.js is given another file.
 */
function useEntry(loadSource: LoadSource, transpiled: string): void {
  const run = internals.runMain;
  internals.runMain = function (main = process.argv[1] as string) {
    const file = entryModule(main, loadSource);
    if (file !== undefined) {
      const find = internals._findPath;
      internals._findPath = () => {
        internals._findPath = find;
        return writeEntry(file, transpiled);
      };
    }
    // Before 20.6 Node.js has the hooks from its command line, and starts their thread now.
    return internals.register ? run.call(this, main) : startLoaderThread(() => run.call(this, main));
  };
}

function entryModule(main: string, loadSource: LoadSource): string | undefined {
  try {
    const at = path.resolve(main);
    const file = internals._findPath(at, null, true) || resolveFailed(at, undefined, { code: 'MODULE_NOT_FOUND' });
    return file && needsTranspiling(file) && loadSource(file).format === 'module' ? file : undefined;
  } catch {
    return undefined; // Node.js meets the error itself
  }
}

/**
 * Up to some version of 24 and 25, a load hook of `registerHooks` makes Node.js run
 * every imported CommonJS module, packages too, with a `require` without a cache
 * (nodejs/node#53198, #55878); seen to be mended in 24.22 and 25.9.
 */
function hooksAreHarmless(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major >= 26 || (major === 25 && minor >= 9) || (major === 24 && minor >= 22);
}

/** `require` comes by these hooks too, but is served already. */
const isRequire = ({ conditions }: ResolveContext): boolean => conditions?.includes('require') ?? false;

function syncHooks(hooks: ImportHooks): Hooks {
  return {
    resolve(specifier, context, next) {
      if (isRequire(context)) return next(specifier, context);
      let resolved: { url: string };
      try {
        resolved = next(hooks.before(specifier, context), context);
      } catch (error) {
        const again = hooks.afterFailure(error, specifier, context);
        if (again === undefined) throw error;
        resolved = next(again, context);
      }
      hooks.resolved(resolved.url, context);
      return resolved;
    },
    load: (url, context, next) => (isRequire(context) ? undefined : hooks.load(url)) ?? next(url, context),
  };
}
