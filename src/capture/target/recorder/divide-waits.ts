/**
 * V8's inspector reaches a thread that executes JavaScript, not one that is blocked in
 * `Atomics.wait`, as idle workers of thread pools are: such a thread could not be asked
 * for its profile before it is ended. So it waits in steps, between which it can be asked.
 * The function's name tells who reads the profile what it is (`service/own-frames.ts`).
 */
import { now } from './originals';

const STEP_MS = 100;

export function divideWaits(): void {
  const wait = Atomics.wait;
  Atomics.wait = function waitBlocked(
    array: Int32Array | BigInt64Array,
    index: number,
    value: never,
    timeout = Number.POSITIVE_INFINITY,
  ): 'ok' | 'not-equal' | 'timed-out' {
    const most = Number(timeout);
    if (!(most > STEP_MS)) return wait(array as Int32Array, index, value, timeout);
    const end = now() + most;
    for (;;) {
      const result = wait(array as Int32Array, index, value, Math.min(STEP_MS, end - now()));
      if (result !== 'timed-out' || now() >= end) return result;
    }
  } as typeof Atomics.wait;
}
