/** Work that several may wait for: it is given up when the last of them is gone. */
interface Reading<T> {
  readonly result: Promise<T>;
  readonly abort: AbortController;
  readonly listeners: Set<OnRead>;
  waiting: number;
}

type OnRead = (read: number, size: number) => void;

export interface Waiter<T> {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnRead | undefined;
  /** What a waiter gets that is gone before the work is done. */
  readonly left: T;
}

export interface SharedReadings<T> {
  /** Joins the work of this key, or starts it. */
  join(key: string, start: (signal: AbortSignal, onProgress: OnRead) => Promise<T>, waiter: Waiter<T>): Promise<T>;
  /** Whoever asks from now on starts anew. */
  forget(): void;
}

export function sharedReadings<T>(): SharedReadings<T> {
  const readings = new Map<string, Reading<T>>();

  function begin(key: string, start: Parameters<SharedReadings<T>['join']>[1]): Reading<T> {
    const abort = new AbortController();
    const listeners = new Set<OnRead>();
    const tell: OnRead = (read, size) => {
      for (const listener of listeners) listener(read, size);
    };
    const result = start(abort.signal, tell).finally(() => forgetOne(key, reading));
    const reading: Reading<T> = { result, abort, listeners, waiting: 0 };
    readings.set(key, reading);
    return reading;
  }

  function forgetOne(key: string, reading: Reading<T>): void {
    if (readings.get(key) === reading) readings.delete(key);
  }

  return {
    join(key, start, { signal, onProgress, left }) {
      const reading = readings.get(key) ?? begin(key, start);
      const { result, abort, listeners } = reading;
      reading.waiting++;
      if (onProgress) listeners.add(onProgress);
      const leave = (): void => {
        if (onProgress) listeners.delete(onProgress);
        if (--reading.waiting > 0) return;
        forgetOne(key, reading);
        abort.abort();
      };
      if (!signal) return result.finally(leave);
      const gone = new Promise<T>((resolve) => {
        signal.addEventListener('abort', () => resolve(left), { once: true });
      });
      return Promise.race([result, gone]).finally(leave);
    },
    forget: () => readings.clear(),
  };
}
