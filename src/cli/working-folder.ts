import path from 'node:path';

/**
 * Keeps a command going whose working folder was removed: `process.cwd()` throws there (ENOENT),
 * also within `path.resolve` and in worker threads. Paths are resolved from where it was, as the
 * shell tells it. A program that is launched still inherits the folder: `launch` leaves it then.
 */
export function keepWorkingFolder(launches: boolean): void {
  try {
    process.cwd();
  } catch {
    const last = process.env.PWD ?? path.parse(process.execPath).root;
    process.cwd = () => last;
    if (!launches) process.chdir(path.parse(last).root);
  }
}
