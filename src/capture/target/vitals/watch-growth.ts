import type { Session } from 'node:inspector';
import { createRequire } from 'node:module';
import { now } from './clock';

/** One sample in 512 kB of allocations: a program that allocates 1 GB/s pays for 2,000 stacks. */
const HEAP_INTERVAL = 512 * 1024;
/** The first stretch of a program is loading modules, whatever it does later. */
const LOADED_US = 400_000;
const WINDOW_US = 800_000;
/** As the doctor's own limits for growth: a few MB are caches and compiled code. */
const LEAST_BYTES = 8e6;
const LEAST_SHARE = 0.3;
/** Of the time of one core. A thread with less to spare would be slowed down by what sampling changes. */
const MOST_CPU = 0.6;
const TOO_MUCH_CPU = 0.9;

export interface GrowthWatch {
  /** Bytes in use, and the CPU time of the process up to now, both at a moment: all microseconds. */
  look(at: number, used: number, cpu: number): void;
  /** When sampling began and, where it was given up, ended; undefined where it never began. */
  read(): { readonly from: number; readonly to?: number | undefined } | undefined;
  stop(): void;
}

interface Reading {
  readonly at: number;
  readonly used: number;
  readonly cpu: number;
}

/**
 * Samples what a program allocates, but only once its live memory was seen to grow: while V8 samples allocations it
 * moves no array's start, so that `Array.prototype.shift` takes time in proportion to the length. A program whose
 * thread is busy is left alone, for that is where it would show.
 *
 *   in use  | first stretch |  …  | last stretch |
 *           least of it: an upper bound of what was live
 */
export function watchGrowth(open: () => Session = openSession): GrowthWatch {
  const from = now();
  let first = Number.POSITIVE_INFINITY;
  let recent: Reading[] = [];
  let session: Session | undefined;
  let began: number | undefined;
  let ended: number | undefined;

  const begin = (at: number): void => {
    began = at;
    try {
      session = open();
      session.post('HeapProfiler.startSampling', { samplingInterval: HEAP_INTERVAL });
    } catch {
      ended = at; // no inspector, or none for this program
    }
  };
  const end = (at: number): void => {
    if (began === undefined || ended !== undefined) return;
    ended = at;
    // Leaving ends the sampling too, and unlike `stopSampling` collects no garbage.
    session?.disconnect();
    session = undefined;
  };

  return {
    look(at, used, cpu) {
      if (at - from < LOADED_US || ended !== undefined) return;
      if (at - from < LOADED_US + WINDOW_US) {
        first = Math.min(first, used);
        return;
      }
      recent.push({ at, used, cpu });
      const [oldest] = recent;
      if (oldest === undefined || at - oldest.at < WINDOW_US) return;
      const share = (cpu - oldest.cpu) / (at - oldest.at);
      const least = recent.reduce((sum, one) => Math.min(sum, one.used), Number.POSITIVE_INFINITY);
      recent = recent.filter((one) => at - one.at < WINDOW_US);
      if (began !== undefined) {
        if (share > TOO_MUCH_CPU) end(at);
      } else if (share < MOST_CPU && least - first >= Math.max(LEAST_BYTES, first * LEAST_SHARE)) begin(at);
    },
    read: () => (began === undefined || began === ended ? undefined : { from: Math.round(began), ...(ended === undefined ? {} : { to: Math.round(ended) }) }),
    stop: () => end(now()),
  };
}

/** Node.js may have been built without an inspector: it is asked for when it is needed. */
function openSession(): Session {
  const inspector = createRequire(__filename)('node:inspector') as typeof import('node:inspector');
  const session = new inspector.Session();
  session.connect();
  return session;
}
