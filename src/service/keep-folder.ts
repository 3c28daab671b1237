import fs from 'node:fs/promises';
import path from 'node:path';
import { isInside } from '../files/local-path';

/**
 * Makes the folder for recordings. One in a workspace's `.plateau` has to lie in that workspace: a repository may
 * have a link in its place, or in that of `.plateau`. Rejects for that as with the system's error.
 */
export async function makeKeepFolder(folder: string): Promise<void> {
  const link = await linkOut(folder);
  if (link !== undefined) {
    const error = new Error(`${link} is a link to outside of the workspace; remove the link, or name another folder`);
    throw Object.assign(error, { code: 'ELINKOUT' });
  }
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
}

/** The first link of a path that leads out of the workspace whose `.plateau` it names; undefined where there is none. */
async function linkOut(folder: string): Promise<string | undefined> {
  const whole = path.resolve(folder);
  const segments = whole.split(path.sep);
  const from = segments.lastIndexOf('.plateau');
  if (from < 1) return undefined; // the user's own choice
  const root = segments.slice(0, from).join(path.sep) || path.sep;
  const real = await fs.realpath(root).catch(() => root);
  for (let end = from + 1; end <= segments.length; end++) {
    const part = segments.slice(0, end).join(path.sep);
    const stat = await fs.lstat(part).catch(() => undefined);
    if (!stat) return undefined; // it is made now, and is no link
    const target = await fs.realpath(part).catch(() => undefined); // of a link to nothing, nobody knows
    if (target === undefined || !isInside(real, target)) return part;
  }
  return undefined;
}
