/**
 * Calls to file systems for which another machine or a program answers. The server's thread lets its
 * `waitedThread` do them: a file system that goes silent costs it `PATIENCE_MS` once, and is left alone.
 */
import path from 'node:path';
import { isSilent, leaveAlone, PATIENCE_MS } from './answering';
import { linkWalk } from './link-walk';
import { isLink, linkTarget } from './links-sync';
import { type Mount, mountsNow, otherMount } from './mounts';
import { ownWaitedThread } from './waited-thread';

/**
 * What a job (`file-jobs.ts`) says of a file that is on such a file system: undefined where this thread may
 * do the call itself, `late` where there is no answer.
 */
export function askElsewhere<T>(file: string, name: string, given: readonly unknown[]): { readonly value: T } | 'late' | undefined {
  const thread = ownWaitedThread();
  const mount = thread && mountBehind(file);
  if (!thread || mount === undefined) return undefined;
  if (isSilent(mount)) return 'late';
  const waited = thread.wait<T>(name, given, PATIENCE_MS);
  if (waited.kind === 'done') return { value: waited.value };
  leaveAlone(mount, waited.ended);
  return 'late';
}

/** What is known for as long as the list of mounts is the same: whether any is such a one, and by folder which it leads to. */
let known: { readonly mounts: readonly Mount[]; readonly hasAny: boolean; readonly folders: Map<string, string | undefined> } | undefined;

/** The mount that a path leads to, through links too; what is on it is not touched. */
function mountBehind(file: string): string | undefined {
  const mounts = mountsNow();
  if (known?.mounts !== mounts) {
    const hasAny = process.platform !== 'linux' || mounts.some(({ point }) => otherMount(point, mounts) !== undefined);
    known = { mounts, hasAny, folders: new Map() };
  }
  const { hasAny, folders } = known;
  // Most machines have none, and then no link leads to one.
  if (!hasAny) return undefined;
  const named = otherMount(file, mounts);
  if (named !== undefined) return named;
  const folder = path.dirname(file);
  if (!folders.has(folder)) folders.set(folder, behindLinks(folder, mounts));
  const behind = folders.get(folder);
  return behind ?? (isLink(file) ? behindLinks(file, mounts) : undefined);
}

function behindLinks(file: string, mounts: readonly Mount[]): string | undefined {
  let found: string | undefined;
  const walk = linkWalk(file, (target) => {
    found = otherMount(target, mounts);
    return found === undefined;
  });
  for (let step = walk.next(); !step.done; step = walk.next(linkTarget(step.value))) {
    // A link may lead to where another one begins that does.
    found = otherMount(step.value, mounts);
    if (found !== undefined) return found;
  }
  return found;
}
