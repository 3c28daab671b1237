import { fileURLToPath, pathToFileURL } from 'node:url';
import { facadeOf, jsonFacade } from './commonjs-names';
import { entryBehind } from './entry-file';
import type { LoadSource } from './load';
import { queryOf, resolveFailed, resolveImport } from './resolve';
import { needsTranspiling } from './transpile';

export interface ResolveContext {
  readonly parentURL?: string | undefined;
  readonly conditions?: readonly string[];
  readonly importAttributes?: { readonly type?: string };
  /** As it was called before Node 20.10. */
  readonly importAssertions?: { readonly type?: string };
}

export interface Loaded {
  readonly format: 'module' | 'commonjs';
  readonly source: string | null;
  readonly shortCircuit: true;
}

/** What the hooks of imports do, in whichever way Node.js calls them. `require` is no business of theirs. */
export interface ImportHooks {
  /** What to have Node.js resolve instead of what is written. */
  before(specifier: string, context: ResolveContext): string;
  /** What to have it resolve after it failed; undefined to let it fail. */
  afterFailure(error: unknown, specifier: string, context: ResolveContext): string | undefined;
  /** Remembers what loading needs to know. */
  resolved(url: string, context: ResolveContext): void;
  /** Undefined leaves it to Node.js. */
  load(url: string): Loaded | undefined;
}

/** `ownUrl` is the loader's own file, to which its frames belong. */
export function importHooks(loadSource: LoadSource, ownUrl: string): ImportHooks {
  const entries = new Set<string>();
  const undeclaredJson = new Set<string>();
  return {
    before(specifier, { parentURL }) {
      const entry = parentURL === undefined ? entryBehind(specifier) : undefined;
      if (entry !== undefined) return entry;
      const file = resolveImport(specifier, fileOf(parentURL));
      return file ? urlOf(file, specifier) : specifier;
    },
    afterFailure(error, specifier, { parentURL }) {
      const file = resolveFailed(specifier, fileOf(parentURL), error);
      return file ? urlOf(file, specifier) : undefined;
    },
    resolved(url, context) {
      const { parentURL, importAttributes } = context;
      if (parentURL === undefined) entries.add(url);
      // To read the older name where there is the newer one prints a warning.
      const isDeclared = (importAttributes ?? context.importAssertions)?.type !== undefined;
      if (!isDeclared && /\.json(?:[?#]|$)/i.test(url) && needsTranspiling(fileOf(parentURL) ?? '')) undeclaredJson.add(url);
    },
    load(url) {
      const file = fileOf(url);
      if (!file) return undefined;
      if (undeclaredJson.has(url)) return { format: 'module', source: jsonFacade(file), shortCircuit: true };
      if (!needsTranspiling(file)) return undefined;
      const { format, source } = loadSource(file);
      if (format === 'module') return { format, source, shortCircuit: true };
      // Without a source the CommonJS loader takes the file itself, as `require.main`.
      if (entries.has(url)) return { format, source: null, shortCircuit: true };
      return { format: 'module', source: facadeOf(file, loadSource, ownUrl), shortCircuit: true };
    },
  };
}

const urlOf = (file: string, specifier: string): string => pathToFileURL(file).href + queryOf(specifier);

function fileOf(url: string | undefined): string | undefined {
  try {
    return url?.startsWith('file:') ? fileURLToPath(url.replace(/[?#].*$/, '')) : undefined;
  } catch {
    return undefined;
  }
}
