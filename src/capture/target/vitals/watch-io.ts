import { syncBuiltinESMExports } from 'node:module';
import type { OperationLog } from './operations';
import { type AnyFunction, type Put, replace, type Undo } from './replace';
import { watchChildren } from './watch-children';
import { watchHttp } from './watch-http';
import { watchPool } from './watch-pool';
import { watchSockets } from './watch-sockets';
import { watchTimers } from './watch-timers';

/**
 * Watches what a program waits for, by standing before the functions that start it:
 * each keeps its arguments, its result, its name and what hangs on it. Nothing here
 * may throw into the program, so every look at an argument is guarded.
 */
export function watchOperations(log: OperationLog): Undo {
  const undo: Undo[] = [];
  // What goes by two names stays one function.
  const known = new Map<unknown, AnyFunction>();
  const put: Put = (owner, name, wrap) => {
    const undone = replace(owner, name, (original) => {
      const wrapped = known.get(original) ?? wrap(original);
      known.set(original, wrapped);
      return wrapped;
    });
    if (undone) undo.push(undone);
  };
  undo.push(watchHttp(put, log), watchSockets(put, log));
  watchPool(put, log);
  watchTimers(put, log);
  watchChildren(put, log);
  syncBuiltinESMExports();
  return () => {
    for (const one of undo) one();
    syncBuiltinESMExports();
  };
}
