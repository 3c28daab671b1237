/**
 * V8 counts the time in `Atomics.wait` as work of the function that called it: idle workers
 * of a pool would be the busiest. So it gets a frame of its own, by whose name who reads the
 * profile knows what it is (`service/recording/own-frames.ts`). The wait itself stays one wait: of
 * several, a notification between two would wake nobody, and who waits longest would not be
 * woken first. V8 interrupts it for what the inspector asks, and goes on waiting.
 */
export function nameWaits(): void {
  const { Atomics: atomics } = globalThis; // the one that the program has
  atomics.wait = new Proxy(atomics.wait, {
    apply: function waitBlocked(target, receiver, args: Parameters<typeof Atomics.wait>): ReturnType<typeof Atomics.wait> {
      return Reflect.apply(target, receiver, args);
    },
  });
}
