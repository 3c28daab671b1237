import os from 'node:os';
import { endingSignals, ignoredSignals, ownSignals } from '../recorder/signal-listeners';
import type { SignalHandle } from './internals';

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
    if (number === undefined || ignored(number)) continue;
    const handle = new Signal();
    const isOwn = ownSignals(state, number);
    handle.onsignal = () => {
      if (isEnding || isOwn()) return;
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
