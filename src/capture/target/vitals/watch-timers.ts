import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import type { Operation, OperationLog } from './operations';
import { type AnyFunction, guarded, type Put } from './replace';
import { watchPromise } from './watch-calls';

/** Timers below this are often mere turns of the loop: of them only some stacks are read. */
const BRIEF_MS = 5;

/** `setTimeout` in its three forms, and `setInterval` where it asks again and again until something is so. */
export function watchTimers(put: Put, log: OperationLog): void {
  const intervals = watchedIntervals(log);
  for (const owner of [globalThis, timers]) {
    put(owner, 'setTimeout', (original) => watchTimer(original, log));
    put(owner, 'setInterval', intervals.set);
    for (const name of ['clearInterval', 'clearTimeout']) put(owner, name, intervals.clear);
  }
  const sleeping = (original: AnyFunction): AnyFunction => watchPromise(original, log, 'timer', timerTarget, timerTarget, optionsOf);
  put(timersPromises, 'setTimeout', sleeping);
  put(timersPromises, 'setInterval', (original) => watchTicks(original, log));
  if (timersPromises.scheduler) put(timersPromises.scheduler, 'wait', sleeping);
}

function watchTimer(original: AnyFunction, log: OperationLog): AnyFunction {
  return function (...args) {
    const [callback, delay, ...rest] = args;
    const operation = typeof callback === 'function' ? guarded(() => begin(log, delay, isResolver(callback))) : undefined;
    if (!operation) return Reflect.apply(original, this, args);
    const fired = function (this: unknown, ...values: unknown[]): unknown {
      operation.end();
      return Reflect.apply(callback as AnyFunction, this, values);
    };
    return Reflect.apply(original, this, [fired, delay, ...rest]);
  };
}

/** What settles a promise, as V8 makes it: native, without a name, with one parameter. */
const isResolver = (callback: { readonly name: string; readonly length: number }): boolean =>
  callback.name === '' && callback.length === 1 && Function.prototype.toString.call(callback) === 'function () { [native code] }';

/** An interval that its own callback ends, or that a promise began, was asking whether something is so; others run beside the work. */
function watchedIntervals(log: OperationLog): { readonly set: (original: AnyFunction) => AnyFunction; readonly clear: (original: AnyFunction) => AnyFunction } {
  const open = new WeakMap<object, Operation>();
  let running: object | undefined;
  const close = (given: unknown): void => {
    // Its number will do, too.
    const timer = typeof given === 'object' && given !== null ? given : Number(running) === Number(given) ? running : undefined;
    const operation = timer && open.get(timer);
    operation?.end(timer === running || operation.isInPromise === true);
  };
  return {
    set: (original) =>
      function (...args) {
        const [callback, delay, ...rest] = args;
        const operation = typeof callback === 'function' ? guarded(() => begin(log, delay, true)) : undefined;
        if (!operation) return Reflect.apply(original, this, args);
        const fired = function (this: unknown, ...values: unknown[]): unknown {
          running = timer;
          try {
            return Reflect.apply(callback as AnyFunction, this, values);
          } finally {
            running = undefined;
          }
        };
        const timer = Reflect.apply(original, this, [fired, delay, ...rest]) as object;
        guarded(() => open.set(timer, operation));
        return timer;
      },
    clear: (original) =>
      function (...args) {
        if (args[0] != null) guarded(() => close(args[0]));
        return Reflect.apply(original, this, args);
      },
  };
}

/** `for await (const _ of setInterval(100))`: each turn waits for the next tick. */
function watchTicks(original: AnyFunction, log: OperationLog): AnyFunction {
  return function (...args) {
    const ticks = Reflect.apply(original, this, args);
    guarded(() => {
      const { next } = ticks as { next: AnyFunction };
      const value = watchPromise(
        next,
        log,
        'timer',
        () => timerTarget(args),
        undefined,
        () => optionsOf(args),
      );
      Object.defineProperty(ticks, 'next', { value, writable: true, configurable: true, enumerable: false });
    });
    return ticks;
  };
}

function begin(log: OperationLog, delay: unknown, isAwaited: boolean): Operation {
  const target = timerTarget([delay]);
  return log.begin('timer', target, () => target, { ...optionsOf([delay]), isAwaited: isAwaited || undefined });
}

const optionsOf = ([delay]: unknown[]): { isAwaited: true; isBrief: boolean } => ({ isAwaited: true, isBrief: milliseconds(delay) < BRIEF_MS });

const timerTarget = ([delay]: unknown[]): string => `${Math.round(milliseconds(delay))} ms`;

/** As Node.js reads it. */
function milliseconds(delay: unknown): number {
  const given = Number(delay);
  return given >= 1 && given <= 0x7fffffff ? given : given > 0 || Number.isNaN(given) ? 1 : 0;
}
