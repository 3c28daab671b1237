import fs from 'node:fs';
import path from 'node:path';

/** The folder of the package that a file is in: the nearest manifest with a name, as `dist/esm/package.json` has none. */
export function namedPackageOf(file: string): string | undefined {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    try {
      const manifest = fs.readFileSync(path.join(folder, 'package.json'), 'utf8');
      if (/"name"\s*:/.test(manifest)) return folder;
    } catch {
      // none here: look further up
    }
    if (folder === path.dirname(folder)) return undefined;
  }
}

/** Whether a file is in none of a folder's; false where the folder is not known. */
export const isOutside = (folder: string | undefined, file: string): boolean => folder !== undefined && !file.startsWith(folder + path.sep);
