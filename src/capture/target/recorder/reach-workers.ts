import workers, { type Worker } from 'node:worker_threads';
import { type Environment, type Reach, withHook } from '../../child-environment';

interface Options {
  execArgv?: string[];
  env?: Environment | symbol;
  name?: string;
  eval?: boolean;
}

/**
 * Worker threads inherit the hook, but for those that are given options or an environment
 * of their own: these get it added. `beforeTerminate` is awaited before a worker that
 * lives is ended from outside, so that its profile can be taken; where it gives nothing,
 * there is nothing to take. `onNamed` hears of names.
 */
export function reachWorkers(
  reach: Reach,
  beforeTerminate: (threadId: number) => Promise<void> | undefined,
  onNamed: (threadId: number, name: string) => void,
): void {
  const holder = workers as unknown as { Worker: typeof Worker };
  const Original = holder.Worker;
  const prototype = Original.prototype;
  const Reaching = reaching(Original, reach, onNamed);
  holder.Worker = Reaching;
  Object.defineProperty(prototype, 'constructor', { value: Reaching, writable: true, configurable: true });
  const endings = new WeakMap<Worker, Promise<number>>();
  prototype.terminate = new Proxy(prototype.terminate, {
    apply: function terminateThrough(target, worker: Worker, args: []): Promise<number> {
      const known = endings.get(worker);
      if (known) return known;
      const ready = worker.threadId > 0 ? beforeTerminate(worker.threadId) : undefined;
      if (!ready) return Reflect.apply(target, worker, args);
      worker.ref(); // as terminate does
      const end = (): Promise<number> => {
        const ended = Reflect.apply(target, worker, args) as Promise<number> | undefined;
        if (ended === undefined) return ended as never; // it has ended meanwhile
        // The inspector may have taken the request for one to end what it was about to run.
        const again = setInterval(() => void Reflect.apply(target, worker, []), 250);
        again.unref();
        const stop = (): void => clearInterval(again);
        ended.then(stop, stop);
        return ended;
      };
      const ending = ready.then(end, end);
      endings.set(worker, ending);
      const forget = (): boolean => endings.delete(worker);
      ending.then(forget, forget);
      return ending;
    },
  });
}

/** A function and no proxy: V8 takes the name of a worker's class in stack traces from it (`service/own-frames.ts` knows it, too). */
function reaching(Original: typeof Worker, reach: Reach, onNamed: (threadId: number, name: string) => void): typeof Worker {
  // A bundler may rename a function, but no property.
  const named = {
    Worker: function (...args: [string, Options?]): object {
      if (!new.target) return Reflect.apply(Original, undefined, args) as never; // throws, as any class does
      const given = (new.target as unknown) === Reaching ? Original : new.target;
      const [file, options, ...rest] = args;
      const isGiven = typeof options === 'object' && options !== null;
      const worker = Reflect.construct(Original, isGiven ? [file, reached(options, reach), ...rest] : args, given) as Worker;
      onNamed(worker.threadId, (isGiven && (options.name || (options.eval && '[worker eval]'))) || String(file).slice(0, 1000));
      return worker;
    },
  };
  const Reaching = named.Worker as unknown as typeof Worker;
  Object.setPrototypeOf(Reaching, Object.getPrototypeOf(Original) as object);
  Object.defineProperties(Reaching, Object.getOwnPropertyDescriptors(Original));
  const textOf = Function.prototype.toString;
  const shown = {
    toString(this: unknown): string {
      return Reflect.apply(textOf, this === Reaching ? Original : this, []);
    },
  };
  Object.defineProperty(Reaching, 'toString', { value: shown.toString, writable: true, configurable: true });
  return Reaching;
}

/** The program's own options but for what reaches the worker: values that its class computes stay as they are. */
function reached(options: Options, { hook }: Reach): Options {
  const { execArgv, env } = options;
  const added =
    execArgv !== undefined
      ? { execArgv: Array.isArray(execArgv) ? [...execArgv, '--require', hook] : execArgv } // else Node.js says what is wrong
      : typeof env === 'object' && env !== null
        ? { env: { ...env, NODE_OPTIONS: withHook(env.NODE_OPTIONS, hook) } }
        : undefined;
  if (!added) return options;
  // Of an object of its own: a proxy may not differ from one that is frozen.
  return new Proxy({}, { get: (_, name) => (Object.hasOwn(added, name) ? Reflect.get(added, name) : Reflect.get(options, name, options)) });
}
