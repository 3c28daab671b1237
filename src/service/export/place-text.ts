import path from 'node:path';
import { homeFolder } from '../../files/home-folder';
import { urlToPath } from '../../source/maps/locate';
import { homeFolders, sharedRoots, sharer } from './share-text';

/**
 * A file's path instead of its url, from the innermost of `roots` that it is inside
 * of: shorter, and a terminal or an editor can open it. What is no file stays as it is.
 */
export function fileText(url: string, roots: readonly string[]): string {
  const file = urlToPath(url);
  if (file === undefined) return url;
  const inside = roots.map((root) => path.relative(root, file)).filter((one) => one !== '' && !one.startsWith('..') && !path.isAbsolute(one));
  return inside.sort((a, b) => a.length - b.length)[0] ?? file;
}

/** The same for what is passed on to others: the home folder, which has the user's name, becomes `~`. */
export function sharedFileText(url: string, roots: readonly string[], home = homeFolder()): string {
  const homes = homeFolders(home);
  return sharer([], homes)(fileText(url, sharedRoots(roots, homes)));
}
