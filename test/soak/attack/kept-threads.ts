/**
 * The thread that searches for patterns takes a hundred times as long to start as a search does: one is
 * kept for many cases, as the language server keeps it. What ends a thread that is at work still ends it.
 */
import { EventEmitter } from 'node:events';
import workerThreads, { type Worker, type WorkerOptions } from 'node:worker_threads';

/** Searches of one thread: what it keeps of one must not add up. */
const MOST_JOBS = 500;
const COPY_MS = 100;

interface Kept {
  readonly worker: Worker;
  /** Where the thread notes what it is at, since it was started. */
  readonly progress: SharedArrayBuffer;
  jobs: number;
  /** Who has it now. */
  holder: Held | undefined;
}

interface Watched {
  readonly workerData?: { readonly progress?: SharedArrayBuffer };
}

/** What stands for the thread where it is used: the part of `Worker` that is. */
class Held extends EventEmitter {
  readonly #kept: Kept;
  readonly #free: Kept[];
  readonly #copying: NodeJS.Timeout;
  #isBusy = false;
  #isEnded = false;

  constructor(kept: Kept, free: Kept[], shown: SharedArrayBuffer) {
    super();
    this.#kept = kept;
    this.#free = free;
    kept.holder = this;
    this.#copying = setInterval(() => new Int32Array(shown).set(new Int32Array(kept.progress)), COPY_MS).unref();
  }

  postMessage(message: unknown): void {
    this.#isBusy = true;
    this.#kept.jobs++;
    this.#kept.worker.postMessage(message);
  }

  hear(event: 'message' | 'error' | 'exit', value: unknown): void {
    if (event !== 'message' || (value as { kind?: string }).kind === 'done') this.#isBusy = false;
    this.emit(event, value);
  }

  ref(): void {
    this.#kept.worker.ref();
  }

  unref(): void {
    this.#kept.worker.unref();
  }

  async terminate(): Promise<number> {
    if (this.#isEnded) return 0;
    this.#isEnded = true;
    clearInterval(this.#copying);
    this.#kept.holder = undefined;
    if (this.#isBusy || this.#kept.jobs >= MOST_JOBS) return this.#kept.worker.terminate();
    this.#free.push(this.#kept);
    return 0;
  }
}

/** From now on `Worker` keeps threads of the file `name`. */
export function keepThreads(name: string): void {
  const { Worker: Original } = workerThreads;
  const free: Kept[] = [];
  const start = (file: string | URL, options: WorkerOptions, progress: SharedArrayBuffer): Kept => {
    const worker = new Original(file, options);
    const kept: Kept = { worker, progress, jobs: 0, holder: undefined };
    const leave = (): void => void (free.includes(kept) && free.splice(free.indexOf(kept), 1));
    worker.on('message', (message) => kept.holder?.hear('message', message));
    worker.on('error', (error) => {
      leave();
      kept.holder?.hear('error', error);
    });
    worker.on('exit', (code) => {
      leave();
      kept.holder?.hear('exit', code);
    });
    return kept;
  };
  workerThreads.Worker = function Kept(file: string | URL, options: WorkerOptions = {}): unknown {
    const shown = (options as Watched).workerData?.progress;
    if (!String(file).endsWith(name) || shown === undefined) return new Original(file, options);
    return new Held(free.pop() ?? start(file, options, shown), free, shown);
  } as unknown as typeof Worker;
}
