import fs from 'node:fs';
import { pathToFileURL } from 'node:url';
import { namespacePids } from './linux';
import type { ProcessRow } from './process-row';

/**
 * Whether the environment of a process names a session's folder, or something in it, in any
 * variable. False where it cannot be read: other systems than Linux, other users' processes.
 */
export function carriesSession(pid: number, folder: string): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return namesFolder(fs.readFileSync(`/proc/${pid}/environ`, 'utf8'), folder);
  } catch {
    return false;
  }
}

/** As the whole of a path, or its beginning: plain, as NODE_OPTIONS quotes it, or as a `file:` URL. */
export function namesFolder(environment: string, folder: string): boolean {
  const forms = new Set([folder, folder.replace(/["\\]/g, '\\$&'), pathToFileURL(folder).pathname]);
  return [...forms].some((form) => {
    for (let at = environment.indexOf(form); at >= 0; at = environment.indexOf(form, at + 1)) {
      const before = environment[at - 1] ?? '\0';
      const after = environment[at + form.length] ?? '\0';
      if (!/[\w.%-]/.test(before) && !/[\w.%-]/.test(after)) return true;
    }
    return false;
  });
}

/**
 * The process of our own namespace that knows itself by another number in a pid namespace
 * within (a sandbox, a container). `ticks` is the start as field 22 of its own /proc/self/stat
 * has it, where that is known. Undefined where none or several could be meant.
 */
export function hostPid(rows: readonly ProcessRow[], announced: number, folder: string, ticks?: number): number | undefined {
  const meant = rows.filter(
    (row) => !row.isZombie && (ticks === undefined || row.order === ticks) && namespacePids(row.pid).at(-1) === announced && carriesSession(row.pid, folder),
  );
  return meant.length === 1 ? meant[0]?.pid : undefined;
}
