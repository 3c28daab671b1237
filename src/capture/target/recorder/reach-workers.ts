import workers, { type Worker } from 'node:worker_threads';
import { type Environment, type Reach, withHook } from '../../environment/child-environment';

interface Options {
  execArgv?: string[];
  env?: Environment | symbol;
  name?: string;
  eval?: boolean;
}

/**
 * Worker threads inherit the hook, but for those that are given options or an environment
 * of their own: these get it added. `beforeTerminate` is called before a worker that
 * lives is ended from outside, so that its profile can be taken; it may call `stop`, and what it gives is awaited.
 * `onNamed` hears of names.
 */
export function reachWorkers(
  reach: Reach,
  beforeTerminate: (threadId: number, stop: () => void) => Promise<void> | undefined,
  onNamed: (threadId: number, name: string) => void,
): void {
  const holder = workers as unknown as { Worker: typeof Worker };
  const Original = holder.Worker;
  const prototype = Original.prototype;
  const Reaching = reaching(Original, reach, onNamed);
  holder.Worker = Reaching;
  Object.defineProperty(prototype, 'constructor', { value: Reaching, writable: true, configurable: true });
  /** Those that are to be ended when their profile is taken. */
  const ending = new WeakSet<Worker>();
  prototype.terminate = new Proxy(prototype.terminate, {
    apply: function terminateThrough(target, worker: Worker, args: []): Promise<number> {
      const exit = (): Promise<number> => new Promise((resolve) => worker.once('exit', resolve)); // as terminate does
      const isAlive = worker.threadId > 0;
      if (isAlive && ending.has(worker)) return exit();
      const ready = isAlive ? beforeTerminate(worker.threadId, () => handleOf(worker)?.stopThread()) : undefined;
      if (!ready) return Reflect.apply(target, worker, args);
      worker.ref();
      ending.add(worker);
      const end = (): void => {
        ending.delete(worker);
        void Reflect.apply(target, worker, args);
      };
      void ready.then(end, end);
      return exit();
    },
  });
}

interface Handle {
  stopThread(): void;
}

/** What Node.js has of the thread. To end it there changes nothing of the worker's object, in the midst of whatever runs. */
function handleOf(worker: Worker): Handle | undefined {
  const symbol = Object.getOwnPropertySymbols(worker).find(({ description }) => description === 'kHandle');
  return symbol && ((worker as unknown as Record<symbol, Handle | null>)[symbol] ?? undefined);
}

/** A function and no proxy: V8 takes the name of a worker's class in stack traces from it (`service/recording/own-frames.ts` knows it, too). */
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
