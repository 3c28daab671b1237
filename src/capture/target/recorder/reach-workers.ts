import workers, { type Worker } from 'node:worker_threads';
import { type Environment, type Reach, withHook } from '../../child-environment';
import { clearInterval, setInterval } from './originals';

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
      const isGiven = options !== undefined && options !== null && typeof options === 'object';
      const worker = Reflect.construct(Original, isGiven ? [file, reached(options, reach), ...rest] : args, given) as Worker;
      onNamed(worker.threadId, (isGiven && (options.name || (options.eval && '[worker eval]'))) || String(file).slice(0, 1000));
      return worker;
    },
  };
  const Reaching = named.Worker as unknown as typeof Worker;
  Object.setPrototypeOf(Reaching, Object.getPrototypeOf(Original) as object);
  Object.defineProperties(Reaching, Object.getOwnPropertyDescriptors(Original));
  return Reaching;
}

function reached(options: Options, { hook }: Reach): Options {
  if (options.execArgv !== undefined) return { ...options, execArgv: [...options.execArgv, '--require', hook] };
  if (typeof options.env !== 'object' || options.env === null) return options;
  return { ...options, env: { ...options.env, NODE_OPTIONS: withHook(options.env.NODE_OPTIONS, hook) } };
}
