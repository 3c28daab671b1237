import path from 'node:path';
import { mayTouch } from '../files/local-path';
import { readRegularTextSync } from '../files/read-regular-sync';

/** A larger manifest is none. */
const MAX_MANIFEST = 4 << 20;

/** The folder of the package that a file is in: the nearest manifest with a name, as `dist/esm/package.json` has none. */
export function namedPackageOf(file: string, own: readonly string[] = []): string | undefined {
  if (!mayTouch(file, own)) return undefined;
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const manifest = readRegularTextSync(path.join(folder, 'package.json'), { most: MAX_MANIFEST, own });
    if (manifest.ok && /"name"\s*:/.test(manifest.value)) return folder;
    if (folder === path.dirname(folder)) return undefined;
  }
}

/** Whether a file is in none of a folder's; false where the folder is not known. */
export const isOutside = (folder: string | undefined, file: string): boolean => folder !== undefined && !file.startsWith(folder + path.sep);
