import { createRequire } from 'node:module';
import { prepareFiles } from '../../capture/target/prepare';
import { forgetProjects } from '../../capture/target/project-cache';
import { hasSpecialPackage } from '../../capture/target/regular-text';
import type { Esbuild } from '../../capture/target/transpile';

/** Far longer than it takes for any project; the rest is transpiled as the program meets it. */
const PATIENCE_MS = 60_000;

/**
 * Transpiles a TypeScript program's files before it starts, so that the profile
 * holds the program and not its compilation. What this does not find (imports
 * made at run time) the target has transpiled when it meets them.
 */
export async function prepareTypescript(entry: string, esbuildMain: string, cacheFolder: string): Promise<void> {
  if (hasSpecialPackage(entry)) return;
  const esbuild = createRequire(esbuildMain)(esbuildMain) as Esbuild;
  forgetProjects();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  // esbuild opens what a project has in the place of its files, and may wait for it.
  await Promise.race([prepareFiles([entry], { esbuild, transpiled: cacheFolder }), late]).finally(() => clearTimeout(timer));
}
