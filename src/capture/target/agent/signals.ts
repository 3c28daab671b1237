import fs from 'node:fs';
import os from 'node:os';
import { Slot } from '../recorder/shared-state';
import { endingSignals } from '../recorder/signal-listeners';
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
    handle.onsignal = () => {
      if (isEnding || Atomics.load(state, Slot.Signals + number) > 0) return;
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

/** Signals that whoever started the program has it ignore, as `nohup` does with SIGHUP. Where that cannot be told, SIGHUP is left alone without a terminal. */
function ignoredSignals(): (number: number) => boolean {
  try {
    const mask = BigInt(`0x${/^SigIgn:\s*([0-9a-f]+)/m.exec(fs.readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'}`);
    return (number) => ((mask >> BigInt(number - 1)) & 1n) === 1n;
  } catch {
    return (number) => number === os.constants.signals.SIGHUP && !process.stdout.isTTY;
  }
}
