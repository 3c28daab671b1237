/** Links asked at once, for walks that cannot wait (`link-walk.ts`). */
import fs from 'node:fs';

/** Where a link leads; undefined for what is none. */
export function linkTarget(file: string): string | undefined {
  try {
    return fs.readlinkSync(file);
  } catch {
    return undefined; // no link
  }
}

/** False also for what is not there. */
export function isLink(file: string): boolean {
  try {
    return fs.lstatSync(file).isSymbolicLink();
  } catch {
    return false;
  }
}
