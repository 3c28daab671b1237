import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import type { OperationLog } from './operations';
import { type AnyFunction, guarded, type Put } from './replace';
import { watchPromise } from './watch-calls';

/** Timers below this are yields to the loop, not waits. */
const LEAST_TIMER_MS = 5;

/** `setTimeout` in its three forms. */
export function watchTimers(put: Put, log: OperationLog): void {
  for (const owner of [globalThis, timers]) put(owner, 'setTimeout', (original) => watchTimer(original, log));
  put(timersPromises, 'setTimeout', (original) => watchPromise(original, log, 'timer', timerTarget));
}

function watchTimer(original: AnyFunction, log: OperationLog): AnyFunction {
  return function (...args) {
    const [callback, delay, ...rest] = args;
    const operation =
      typeof callback === 'function'
        ? guarded(() => {
            const target = timerTarget([delay]);
            return target === undefined ? undefined : log.begin('timer', target, () => target);
          })
        : undefined;
    if (!operation) return Reflect.apply(original, this, args);
    const fired = function (this: unknown, ...values: unknown[]): unknown {
      operation.end();
      return Reflect.apply(callback as AnyFunction, this, values);
    };
    return Reflect.apply(original, this, [fired, delay, ...rest]);
  };
}

function timerTarget([delay]: unknown[]): string | undefined {
  return typeof delay === 'number' && delay >= LEAST_TIMER_MS ? `${Math.round(delay)} ms` : undefined;
}
