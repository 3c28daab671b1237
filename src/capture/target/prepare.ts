import fs from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import { readRegularText } from '../../files/read-regular';
import type { ModuleFormat } from './module-format';
import { resolveImport } from './resolve';
import { cachedFiles, type Esbuild, needsTranspiling, type Transpiled, type Transpiler, transpile } from './transpile';

const MAX_SOURCE = 64 << 20;

/** Transpiles TypeScript files, and all that they import, into the session's folder. What fails is left to the target, which meets the same error at the right place. */
export async function prepareFiles(entries: readonly string[], transpiler: Transpiler): Promise<void> {
  const files = await importedFiles(entries, transpiler.esbuild);
  await Promise.all(
    files.map(async (file) => {
      try {
        const text = await readRegularText(file, { most: MAX_SOURCE, isChosen: true });
        if (text.ok && !isCached(cachedFiles(transpiler.transpiled, file, text.value))) await transpileInto(transpiler, file, text.value);
      } catch {
        // See above.
      }
    }),
  );
}

/** Transpiles one file and keeps the outcome. Rejects with esbuild's words where it is no TypeScript. */
export async function transpileInto(transpiler: Transpiler, file: string, text: string, wanted?: ModuleFormat): Promise<Transpiled> {
  const made = await transpile(transpiler, file, text, wanted);
  const cached = cachedFiles(transpiler.transpiled, file, text)[made.format];
  try {
    // Several processes may do this at once, and others read.
    await fs.promises.writeFile(`${cached}.${process.pid}`, made.code);
    await fs.promises.rename(`${cached}.${process.pid}`, cached);
  } catch {
    // Only a cache.
  }
  return made;
}

const isCached = ({ module, commonjs }: Readonly<Record<ModuleFormat, string>>): boolean => fs.existsSync(module) || fs.existsSync(commonjs);

/** The TypeScript and JSX files that a program imports by names that can be read from its text. */
async function importedFiles(entries: readonly string[], esbuild: Esbuild): Promise<string[]> {
  const found = new Set(entries.filter(needsTranspiling));
  await esbuild
    .build({
      entryPoints: [...entries],
      bundle: true,
      write: false,
      outdir: path.dirname(entries[0] as string),
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'silent',
      // What is imported for its type alone is looked at too: that costs nothing at run time.
      tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true, experimentalDecorators: true, jsx: 'react-jsx' } },
      plugins: [
        {
          name: 'as the target resolves',
          setup(build) {
            build.onResolve({ filter: /.*/ }, ({ path: specifier, importer, kind }) => {
              const file = kind === 'entry-point' ? specifier : resolveOwn(specifier, importer);
              if (!file) return { path: specifier, external: true };
              if (needsTranspiling(file)) found.add(file);
              return { path: file };
            });
          },
        },
      ],
    })
    .catch(() => undefined); // what it found up to its first error is there
  return [...found];
}

/** The file of the project's own that an import means: TypeScript, or JavaScript that may import some. */
function resolveOwn(specifier: string, importer: string): string | undefined {
  if (isBuiltin(specifier)) return undefined;
  let file = resolveImport(specifier, importer);
  if (!file) {
    try {
      file = createRequire(importer).resolve(specifier);
    } catch {
      return undefined;
    }
  }
  const real = realPath(file);
  return /\.(?:[cm]?[jt]s|[jt]sx)$/i.test(real) && !/[\\/]node_modules[\\/]/.test(real) ? real : undefined;
}

function realPath(file: string): string {
  try {
    return fs.realpathSync(file);
  } catch {
    return file;
  }
}

const MOST_FILES = 1000;

/** The TypeScript files below a folder, without packages and hidden folders; the first thousand. */
export function typescriptBelow(folder: string): string[] {
  const files: string[] = [];
  const folders = [folder];
  for (let at = folders.shift(); at !== undefined && files.length < MOST_FILES; at = folders.shift()) {
    let entries: fs.Dirent[] = [];
    try {
      entries = fs.readdirSync(at, { withFileTypes: true });
    } catch {
      // Not ours to read.
    }
    for (const entry of entries) {
      const full = path.join(at, entry.name);
      if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.')) folders.push(full);
      if (entry.isFile() && needsTranspiling(full)) files.push(full);
    }
  }
  return files.slice(0, MOST_FILES);
}
