import fs from 'node:fs/promises';
import path from 'node:path';
import { isInside } from '../../files/local-path';
import { leadsElsewhere } from '../../files/open-regular';

/**
 * Makes the folder for recordings. One in a workspace has to lie in it: a repository may have a link in its
 * place, or in that of `.plateau`. Rejects for that as with the system's error.
 */
export async function makeKeepFolder(folder: string, roots: readonly string[] = []): Promise<void> {
  const link = await linkOut(folder, roots);
  if (link !== undefined) throw Object.assign(new Error(describeLinkOut(link)), { code: 'ELINKOUT' });
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  await keepOutOfGit(folder);
}

/** The usual folder holds nothing for others, so it says so itself; a folder that somebody has named is theirs. What stands there is left. */
async function keepOutOfGit(folder: string): Promise<void> {
  if (!path.resolve(folder).endsWith(path.join(path.sep, '.plateau', 'profiles'))) return;
  const file = path.join(folder, '.gitignore');
  const handle = await fs.open(file, 'wx', 0o600).catch(() => undefined);
  if (!handle) return;
  // That recordings could not be hidden from git is no reason to lose one: what is in the way is told when they are written.
  const isWritten = await handle.writeFile('*\n').then(
    () => true,
    () => false,
  );
  await handle.close().catch(() => {});
  if (!isWritten) await fs.rm(file, { force: true }).catch(() => {});
}

/**
 * The first link of a path that leads out of the workspace that it is in: the widest of the folders that are open,
 * or where none holds it, the one that holds `.plateau`. Undefined where there is none, and for any other path, which is the user's own choice.
 */
export async function linkOut(folder: string, roots: readonly string[] = []): Promise<string | undefined> {
  const whole = path.resolve(folder);
  const root = rootOf(whole, roots);
  if (root === undefined) return undefined;
  const real = await fs.realpath(root).catch(() => root);
  let part = root;
  for (const segment of path.relative(root, whole).split(path.sep)) {
    part = path.join(part, segment);
    const stat = await fs.lstat(part).catch(() => undefined);
    if (!stat) return undefined; // it is made now, and is no link
    if (stat.isSymbolicLink() && (await leadsElsewhere(path.join(real, path.relative(root, part)), [...roots, real]))) return part;
    const target = await fs.realpath(part).catch(() => undefined); // of a link to nothing, nobody knows
    if (target === undefined || !isInside(real, target)) return part;
  }
  return undefined;
}

/** That nothing is kept, listed or deleted through a link, as a sentence without its end. */
export const describeLinkOut = (link: string): string => `${link} is a link to outside of the workspace; remove the link, or name another folder`;

/** Whether a file is a link that leads out of its own folder, or to nothing: whoever writes to it writes elsewhere. */
export async function isLinkOut(file: string): Promise<boolean> {
  const stat = await fs.lstat(file).catch(() => undefined);
  if (!stat?.isSymbolicLink()) return false;
  if (await leadsElsewhere(file, [path.dirname(file)])) return true;
  const [folder, target] = await Promise.all([path.dirname(file), file].map((one) => fs.realpath(one).catch(() => undefined)));
  return folder === undefined || target === undefined || !isInside(folder, target);
}

/** The folder that a recording's folder has to lie in; undefined where it may be anywhere. */
function rootOf(folder: string, roots: readonly string[]): string | undefined {
  const [widest] = roots.filter((one) => isInside(one, folder)).sort((a, b) => a.length - b.length);
  if (widest !== undefined) return path.resolve(widest);
  const segments = folder.split(path.sep);
  const at = segments.lastIndexOf('.plateau');
  return at < 1 ? undefined : segments.slice(0, at).join(path.sep) || path.sep;
}
