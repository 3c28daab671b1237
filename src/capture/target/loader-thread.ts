import { isMainThread, parentPort } from 'node:worker_threads';

/** Whether this thread is one in which Node.js runs the hooks of imports, and none of the program's. It gets the preloads of NODE_OPTIONS like any other. */
export const isLoaderThread = (): boolean => !isMainThread && parentPort === null;

/** Has such a thread started. The program's listeners of `worker` hear nothing of it, and Node.js 20.5 does not warn of the option that names its hooks. */
export function startLoaderThread<T>(start: () => T): T {
  const own = Object.getOwnPropertyDescriptor(process, 'emit');
  const emit = process.emit as (this: NodeJS.Process, event: string | symbol, ...args: unknown[]) => boolean;
  process.emit = function (this: NodeJS.Process, event: string | symbol, ...args: unknown[]): boolean {
    const isOurs = event === 'worker' && (args[0] as object | undefined)?.constructor.name !== 'Worker';
    return isOurs ? false : emit.call(this, event, ...args);
  } as typeof process.emit;
  const { emitWarning } = process;
  process.emitWarning = ((warning: string | Error, ...rest: never[]) => {
    if (!String(warning).startsWith('Custom ESM Loaders')) emitWarning.call(process, warning, ...rest);
  }) as typeof process.emitWarning;
  try {
    return start();
  } finally {
    process.emitWarning = emitWarning;
    // It is told in the next tick, of which this is behind.
    process.nextTick(() => {
      if (own) Object.defineProperty(process, 'emit', own);
      else delete (process as { emit?: unknown }).emit;
    });
  }
}
