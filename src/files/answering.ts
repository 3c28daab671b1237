/**
 * File systems that do not answer: a share whose server is gone, a FUSE program that hangs. A synchronous
 * call to one stops its thread for good, so whoever cannot wait asks first, without waiting (`askMounts`),
 * and what has not answered is not touched (`isSilent`) until it does. One may go silent after it was
 * asked: the server's own thread lets another do the call, and waits for that only so long (`elsewhere.ts`).
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { isInside } from './local-path';
import { mountOf, mountsNow, namedMount } from './mounts';

/** How long a file system is waited for; a server in the same house answers within some milliseconds. */
export const PATIENCE_MS = 2000;

/** Mount points that were asked and have not answered yet. */
const pending = new Map<string, Promise<void>>();
/** Those of them that have had their time. */
const silent = new Set<string>();

/** Whether a path lies on a file system that does not answer. */
export function isSilent(file: string): boolean {
  for (const mount of silent) if (isInside(mount, file)) return true;
  return false;
}

/** Whether there is any such file system: what was not found may be on it. */
export const isAnySilent = (): boolean => silent.size > 0;

/** What has not answered for too long is left alone until `answered` settles. */
export function leaveAlone(mount: string, answered: Promise<unknown>): void {
  silent.add(mount);
  const back = (): void => void silent.delete(mount);
  void answered.then(back, back);
}

/** Asks the file systems that paths are on; from then on `isSilent` knows. Never waits longer than `milliseconds`. */
export async function askMounts(files: Iterable<string>, milliseconds = PATIENCE_MS): Promise<void> {
  const mounts = mountsOf(files);
  const asked = [...mounts].filter((mount) => !silent.has(mount));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      for (const mount of asked) if (pending.has(mount)) silent.add(mount);
      resolve();
    }, milliseconds);
  });
  await Promise.race([Promise.all(asked.map(ask)), late]);
  clearTimeout(timer);
}

/** Whatever it answers, it answers. One that never does keeps one of the threads that wait for files, so it is asked once. */
function ask(mount: string): Promise<void> {
  const known = pending.get(mount);
  if (known) return known;
  const answered = (): void => {
    pending.delete(mount);
    silent.delete(mount);
  };
  const answer = fs.lstat(path.join(mount, path.sep)).then(answered, answered);
  pending.set(mount, answer);
  return answer;
}

/** The mount points that paths lie in, without that of the system itself. */
function mountsOf(files: Iterable<string>, platform: NodeJS.Platform = process.platform): ReadonlySet<string> {
  const found = new Set<string>();
  const mounts = mountsNow();
  const seen = new Set<string>();
  for (const file of files) {
    const folder = path.dirname(file);
    if (seen.has(folder)) continue;
    seen.add(folder);
    // A profile may name a hundred thousand folders.
    const mount = platform === 'linux' ? mountOf(folder, mounts)?.point : namedMount(file, platform);
    if (mount !== undefined && mount !== '/') found.add(mount);
  }
  return found;
}
