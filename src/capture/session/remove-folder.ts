import fs from 'node:fs';
import path from 'node:path';

/**
 * Removes a folder with all that is in it; what is not there is no error. Where other users may write in it,
 * as in the folders of root's sessions, one could put a link in the place of a folder of his just before its
 * files are removed, which would then be another folder's. So root takes each folder first: in what is closed
 * for all others nothing changes its place any more.
 */
export function removeFolder(folder: string): void {
  if (process.geteuid?.() === 0) close(folder);
  fs.rmSync(folder, { recursive: true, force: true });
}

/** From the top down: once a folder is closed, whoever still stands in it cannot change a name in it. */
function close(folder: string): void {
  try {
    if (!fs.lstatSync(folder).isDirectory()) return;
    fs.lchownSync(folder, 0, 0);
    // Only what is root's now is no link that has come between.
    const { uid, mode } = fs.lstatSync(folder);
    if (uid !== 0 || (mode & fs.constants.S_IFMT) !== fs.constants.S_IFDIR) return;
    fs.chmodSync(folder, 0o700);
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) if (entry.isDirectory()) close(path.join(folder, entry.name));
  } catch {
    // Gone meanwhile, or on a file system that knows no owners.
  }
}
