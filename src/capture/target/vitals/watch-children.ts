import childProcess from 'node:child_process';
import path from 'node:path';
import type { OperationLog } from './operations';
import { guarded, type Put } from './replace';

/**
 * Child processes that somebody waited for: they ended by themselves, somebody listened for it, and nothing else was in
 * flight. A child that serves as long as the program runs, and is then ended, is no wait.
 */
export function watchChildren(put: Put, log: OperationLog): void {
  put(
    childProcess.ChildProcess.prototype,
    'spawn',
    (original) =>
      function (...args) {
        const result = Reflect.apply(original, this, args);
        guarded(() => {
          const child = this as childProcess.ChildProcess;
          if (child.pid === undefined) return;
          const operation = log.begin('process', child.spawnfile, () => path.basename(child.spawnfile));
          child.once('exit', () => operation.end(isAwaited(child)));
        });
        return result;
      },
  );
}

/** `exec` and `execFile` listen for 'close'. */
const isAwaited = (child: childProcess.ChildProcess): boolean =>
  !child.killed && child.signalCode === null && child.listenerCount('exit') + child.listenerCount('close') > 0;
