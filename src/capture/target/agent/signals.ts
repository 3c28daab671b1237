import os from 'node:os';
import { Slot } from '../recorder/shared-state';
import { endingSignals, ignoredSignals, isFirst } from '../recorder/signal-listeners';
import type { SignalHandle } from './internals';

/** Says of each signal of a number, in their order, whether the program had a listener for it. */
function heardByProgram(state: Int32Array, number: number): () => boolean {
  let epoch = 0;
  /** Signals since the program began to listen that were its own. */
  let given = 0;
  return () => {
    const now = Atomics.load(state, Slot.Epochs + number);
    if (now !== epoch) {
      epoch = now;
      given = 0;
    }
    const isOwn = Atomics.load(state, Slot.Signals + number) > 0 || Atomics.load(state, Slot.Heard + number) > given;
    if (isOwn) given++;
    return isOwn;
  };
}

/**
 * Hears signals in a thread of its own, also while the program computes. Where the program
 * has no listener, the signal would end it at once: `beforeEnd` is awaited, and then it
 * does, by the signal itself, so that its parent sees what it would see without Plateau.
 */
export function hearSignals(
  Signal: new () => SignalHandle,
  state: Int32Array,
  beforeEnd: () => Promise<void>,
  endBy: (name: NodeJS.Signals) => void,
): { close(): void } {
  const numbers = os.constants.signals as Record<string, number | undefined>;
  const ignored = ignoredSignals();
  const handles: SignalHandle[] = [];
  const close = (): void => {
    for (const handle of handles.splice(0)) handle.close();
  };
  let isEnding = false;
  for (const name of endingSignals) {
    const number = numbers[name];
    if (number === undefined || isFirst || ignored(number)) continue;
    const handle = new Signal();
    const isHeard = heardByProgram(state, number);
    handle.onsignal = () => {
      if (isEnding || isHeard()) return;
      isEnding = true;
      const end = (): void => {
        close(); // the last listener is gone: the signal has its own action again
        endBy(name);
      };
      void beforeEnd().then(end, end);
    };
    if (handle.start(number) === 0) handles.push(handle);
  }
  return { close };
}
