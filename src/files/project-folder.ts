import fs from 'node:fs';
import path from 'node:path';
import { isSilent } from './answering';
import { mayTouch } from './local-path';

/**
 * The folder that a file belongs to as a whole: the nearest repository above it, else the topmost package,
 * else the folder that it is in. Undefined for what may not be touched.
 */
export function projectFolder(file: string, own: readonly string[] = []): string | undefined {
  if (!path.isAbsolute(file) || !mayTouch(file, own) || isSilent(file)) return undefined;
  const first = path.dirname(file);
  let topmost = first;
  for (let folder = first; ; folder = path.dirname(folder)) {
    if (fs.existsSync(path.join(folder, '.git'))) return folder;
    if (fs.existsSync(path.join(folder, 'package.json'))) topmost = folder;
    if (folder === path.dirname(folder)) return topmost;
  }
}
