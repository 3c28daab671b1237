import { createRequire } from 'node:module';
import { prepareFiles } from '../capture/target/prepare';
import { forgetProjects } from '../capture/target/project-cache';
import type { Esbuild } from '../capture/target/transpile';

/**
 * Transpiles a TypeScript program's files before it starts, so that the profile
 * holds the program and not its compilation. What this does not find (imports
 * made at run time) the target has transpiled when it meets them.
 */
export async function prepareTypescript(entry: string, esbuildMain: string, cacheFolder: string): Promise<void> {
  const esbuild = createRequire(esbuildMain)(esbuildMain) as Esbuild;
  forgetProjects();
  await prepareFiles([entry], { esbuild, transpiled: cacheFolder });
}
