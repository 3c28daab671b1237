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
  Atomics.wait = new Proxy(wait, {
    apply: function waitBlocked(target, receiver, args: [Int32Array, number, number, number?]): ReturnType<typeof wait> {
      const [array, index, value, timeout = Number.POSITIVE_INFINITY] = args;
      if (typeof timeout !== 'number' || !(timeout > STEP_MS)) return Reflect.apply(target, receiver, args);
      const end = now() + timeout;
      for (;;) {
        const result = Reflect.apply(target, receiver, [array, index, value, Math.min(STEP_MS, end - now())]);
        if (result !== 'timed-out' || now() >= end) return result;
      }
    },
  });
}
