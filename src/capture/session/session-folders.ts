import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { ok, type Result } from '../../shared/result';
import { nodeInFront } from '../environment/node-in-front';
import type { CaptureIssue } from '../records/capture-issue';
import { spareFolder } from '../records/session-file';
import { privateFolder, removeStale, safeParents, temporary } from './private-folder';
import { removeFolder } from './remove-folder';

/**
 * The two places of a session. A program dies where it cannot read the hook that its
 * NODE_OPTIONS name, so the hook lies where neither a program that empties the folder for
 * temporary files nor a sandbox with a /tmp of its own takes it away, and where root's
 * programs can read it when they have become another user. What they write, which may be
 * large, goes to the folder for temporary files.
 *
 *     PARENT/plateau-XXXXXX/node_modules/RANDOM/   hook.cjs agent.cjs session.json bin/ js/ out/ s
 *     TMPDIR/plateau-XXXXXX/RANDOM/                KEY.process.json KEY.THREAD.p0.json …
 *
 * Below node_modules, tools that measure coverage pass the hook over. Of root's sessions
 * others may enter the folders, but not list the first of each: who is not told the random
 * name finds nothing. Files with profiles are for those who wrote them, and root.
 */
export interface SessionFolders {
  /** Where the hook lies. */
  readonly folder: string;
  readonly results: string;
  /** The folder with the session's `node`; undefined where there can be none. */
  readonly bin: string | undefined;
  /** Other users may have part in the recording. */
  readonly isShared: boolean;
  /** Removes both; with `keepHook` a hook that does nothing is left, since without one, Node.js would refuse to run. */
  remove(keepHook?: boolean): void;
}

/** Where sessions lie, as patterns of paths. */
export const sessionPlaces = (): string[] => [...new Set([...safeParents().slice(0, 1), temporary()])].map((parent) => path.join(parent, 'plateau-*'));

/** Throws the system's error where a folder can be made, and nothing in it. */
export function sessionFolders(): Result<SessionFolders, CaptureIssue> {
  const safe = safeParents();
  for (const parent of [undefined, ...safe]) void removeStale('plateau-', 1000, parent); // what a recorder left that was killed
  const outside = privateFolder('plateau-');
  if (!outside.ok) return outside;
  const isShared = process.getuid?.() === 0;
  const made = [outside.value];
  const remove = (keep: string | undefined): void => {
    for (const one of made) if (one !== keep) removeFolder(one);
  };
  try {
    const results = path.join(outside.value, randomBytes(12).toString('hex'));
    fs.mkdirSync(results);
    fs.chmodSync(results, isShared ? 0o1733 : 0o700);
    if (isShared) fs.chmodSync(outside.value, 0o711);
    let home: string = outside.value;
    let inside: HookFolder | undefined;
    let failure: unknown;
    const tryIn = (parent: string): HookFolder | undefined => {
      try {
        return hookFolder(parent, results, isShared);
      } catch (error) {
        failure = error;
        return undefined;
      }
    };
    for (const parent of safe) {
      const one = privateFolder('plateau-', parent);
      if (!one.ok) continue; // it is full
      made.push(one.value);
      home = one.value;
      inside = tryIn(home);
      if (inside?.bin !== undefined) break;
      removeFolder(home);
      inside = undefined;
    }
    if (!inside) {
      home = outside.value;
      inside = tryIn(home);
    }
    if (!inside) throw failure;
    const { folder, bin } = inside;
    return ok({
      ...{ folder, results, bin, isShared },
      remove(keepHook = false) {
        if (keepHook) empty(folder);
        if (keepHook && home === outside.value) removeFolder(results);
        remove(keepHook ? home : undefined);
      },
    });
  } catch (error) {
    remove(undefined);
    throw error;
  }
}

interface HookFolder {
  readonly folder: string;
  readonly bin: string | undefined;
}

/** Throws where it has no room. */
function hookFolder(home: string, results: string, isShared: boolean): HookFolder {
  const folder = path.join(home, 'node_modules', randomBytes(8).toString('hex'));
  fs.mkdirSync(folder, { recursive: true });
  if (isShared) for (const one of [home, path.dirname(folder)]) fs.chmodSync(one, 0o711);
  fs.mkdirSync(spareFolder(folder));
  fs.chmodSync(spareFolder(folder), isShared ? 0o1733 : 0o700);
  const bin = nodeInFront(folder, results);
  for (const one of isShared ? [folder, ...(bin === undefined ? [] : [bin])] : []) fs.chmodSync(one, 0o755);
  return { folder, bin };
}

/** What a daemon starts later finds a hook that does nothing. */
function empty(folder: string): void {
  try {
    fs.writeFileSync(path.join(folder, 'hook.cjs'), '');
    for (const name of fs.readdirSync(folder)) {
      if (name !== 'hook.cjs' && name !== 'bin') removeFolder(path.join(folder, name));
    }
  } catch {
    // Somebody else has removed it.
  }
}
