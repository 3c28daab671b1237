import fs from 'node:fs';
import path from 'node:path';

/** As execvp does it: the first file of that name in PATH that may be run. */
export function findProgram(name: string, searchPath: string): string | undefined {
  for (const folder of searchPath.split(path.delimiter)) {
    const file = path.join(folder === '' ? '.' : folder, name);
    try {
      fs.accessSync(file, fs.constants.X_OK);
      if (fs.statSync(file).isFile()) return file;
    } catch {
      // Not in this one.
    }
  }
  return undefined;
}
