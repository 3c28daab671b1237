import fs from 'node:fs';
import { createRequire } from 'node:module';
import { cachedFile, type ModuleFormat, moduleFormat, transformOptions } from './transpile';

export interface LoadedSource {
  readonly format: ModuleFormat;
  readonly source: string;
}

/** The JavaScript of a TypeScript or JSX file: from the session's cache, or made here and now. */
export function loadSource(file: string, wanted?: ModuleFormat): LoadedSource {
  const text = fs.readFileSync(file, 'utf8');
  const format = wanted ?? moduleFormat(file, text);
  const folder = process.env.PLATEAU_TRANSPILED;
  const cached = folder ? cachedFile(folder, file, text, format) : undefined;
  if (cached) {
    try {
      return { format, source: fs.readFileSync(cached, 'utf8') };
    } catch {
      // Not prepared: an import that only shows at run time.
    }
  }
  const main = process.env.PLATEAU_ESBUILD;
  if (!main) throw new Error(`${file} has to be transpiled, and PLATEAU_ESBUILD does not say with what`);
  const esbuild = createRequire(main)(main) as typeof import('esbuild');
  const source = esbuild.transformSync(text, transformOptions(file, format)).code;
  if (cached) {
    try {
      fs.writeFileSync(cached, source);
    } catch {
      // Only a cache.
    }
  }
  return { format, source };
}
