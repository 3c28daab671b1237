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
 * lives is ended from outside, so that its profile can be taken. `onNamed` hears of names.
 */
export function reachWorkers(reach: Reach, beforeTerminate: (threadId: number) => Promise<void>, onNamed: (threadId: number, name: string) => void): void {
  const holder = workers as unknown as { Worker: typeof Worker };
  const Original = holder.Worker;
  const prototype = Original.prototype;
  const named = (worker: Worker, file: unknown, options: Options | undefined): Worker => {
    onNamed(worker.threadId, options?.name || (options?.eval ? '[worker eval]' : String(file).slice(0, 1000)));
    return worker;
  };
  const Reaching: typeof Worker = new Proxy(Original, {
    construct: function constructThrough(target, args: unknown[], newTarget): object {
      const options = args[1] as Options | undefined;
      const given = newTarget === Reaching ? target : newTarget;
      if (!options || typeof options !== 'object') return named(Reflect.construct(target, args, given) as Worker, args[0], undefined);
      const worker = Reflect.construct(target, [args[0], reached(options, reach), ...args.slice(2)], given) as Worker;
      return named(worker, args[0], options);
    },
  });
  holder.Worker = Reaching;
  Object.defineProperty(prototype, 'constructor', { value: Reaching, writable: true, configurable: true });

  const terminate = prototype.terminate;
  prototype.terminate = function terminateThrough(this: Worker): Promise<number> {
    const { threadId } = this;
    if (threadId <= 0) return Reflect.apply(terminate, this, []);
    this.ref(); // as terminate does
    const end = (): Promise<number> => {
      const ended = Reflect.apply(terminate, this, []) as Promise<number>;
      // The inspector may have taken the request for one to end what it was about to run.
      const again = setInterval(() => void Reflect.apply(terminate, this, []), 250);
      const stop = (): void => clearInterval(again);
      ended?.then(stop, stop);
      if (ended === undefined) stop();
      again.unref();
      return ended;
    };
    return beforeTerminate(threadId).then(end, end);
  };
}

function reached(options: Options, { hook }: Reach): Options {
  if (options.execArgv !== undefined) return { ...options, execArgv: [...options.execArgv, '--require', hook] };
  if (typeof options.env !== 'object' || options.env === null) return options;
  return { ...options, env: { ...options.env, NODE_OPTIONS: withHook(options.env.NODE_OPTIONS, hook) } };
}
