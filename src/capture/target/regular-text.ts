import fs from 'node:fs';
import path from 'node:path';

/** The text of a regular file. Throws for anything else: a pipe would be waited for, by whoever starts the program too. */
export function regularText(file: string): string {
  if (!fs.statSync(file).isFile()) throw new Error(`${file} is not a file`);
  return fs.readFileSync(file, 'utf8');
}

/** Whether something that is there is neither a file nor a folder. */
export function isSpecial(file: string): boolean {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}

/** Whether who looks for the package of a file would meet a pipe or a device: Node.js and bundlers open what is called so. */
export function hasSpecialPackage(file: string): boolean {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    if (['package.json', 'tsconfig.json', 'jsconfig.json'].some((name) => isSpecial(path.join(folder, name)))) return true;
    if (path.dirname(folder) === folder) return false;
  }
}
