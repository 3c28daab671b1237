import { createRequire } from 'node:module';
import path from 'node:path';
import type { TargetFiles } from '../../capture/session/session';

/** Where the files for targets are, from the folder of the running bundle (`dist`). */
export function targetFiles(bundleFolder: string): TargetFiles {
  return { folder: path.join(bundleFolder, 'target'), esbuild: createRequire(path.join(bundleFolder, 'main.cjs')).resolve('esbuild') };
}
