import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { cachedFile, moduleFormat, needsTranspiling, transformOptions, tsconfigFor } from '../capture/target/transpile';

/**
 * Transpiles a TypeScript program's files before it starts, so that the profile
 * holds the program and not its compilation. What this does not find (imports
 * made at run time) the target transpiles by itself. Failures are the target's to
 * report: it meets the same error at the right place.
 */
export async function prepareTypescript(entry: string, esbuildMain: string, cacheFolder: string): Promise<void> {
  const esbuild = createRequire(esbuildMain)(esbuildMain) as typeof import('esbuild');
  const tsconfig = tsconfigFor(entry)?.path;
  const graph = await esbuild
    .build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      metafile: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'silent',
      loader: { '.node': 'empty' },
      absWorkingDir: path.dirname(entry),
      ...(tsconfig ? { tsconfig } : {}),
    })
    .catch(() => undefined);
  const inputs = Object.keys(graph?.metafile.inputs ?? {}).map((input) => path.resolve(path.dirname(entry), input));
  await Promise.all(
    [...new Set([entry, ...inputs])].filter(needsTranspiling).map(async (file) => {
      try {
        const text = await fs.readFile(file, 'utf8');
        const format = moduleFormat(file, text);
        const { code } = await esbuild.transform(text, transformOptions(file, format));
        await fs.writeFile(cachedFile(cacheFolder, file, text, format), code);
      } catch {
        // See above.
      }
    }),
  );
}
