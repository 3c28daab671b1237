import fs from 'node:fs';
import os from 'node:os';
import { Slot } from './shared-state';

/** Signals that end a program which has no listener for them, and that a program can hear. */
export const endingSignals: readonly NodeJS.Signals[] = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR2', 'SIGALRM', 'SIGTERM', 'SIGXCPU', 'SIGBREAK'];

const numbers = os.constants.signals as Record<string, number | undefined>;

const { load, store } = Atomics;

/**
 * Keeps count of the program's own listeners for each of them: while it has one, the signal
 * is its own affair. A listener that was added with `once` is gone when it is called, which
 * may be before the agent hears of the same signal. So it is the agent that lets the count
 * fall to 0, when it has heard by `onLast` that there is none any more: a signal from before
 * has come to it by then. Until that the count is negative, each time another number.
 */
export function countSignalListeners(state: Int32Array, onLast: (number: number, count: number) => void): void {
  let removals = 0;
  const count = (name: string | symbol, added: number): void => {
    const number = typeof name === 'string' && name.startsWith('SIG') ? numbers[name] : undefined;
    if (number === undefined) return;
    const listeners = process.listenerCount(name) + added;
    const isLast = listeners === 0 && load(state, Slot.Signals + number) > 0;
    if (listeners === 0 && !isLast) return;
    store(state, Slot.Signals + number, isLast ? --removals : listeners);
    if (isLast) onLast(number, removals);
  };
  for (const name of endingSignals) count(name, 0); // Node.js itself has some, as for --report-on-signal
  process.on('newListener', (name) => count(name, 1));
  process.on('removeListener', (name) => count(name, 0));
}

/** By the agent: the last listener is gone, unless there is one again. */
export function unheard(state: Int32Array, number: number, count: number): void {
  Atomics.compareExchange(state, Slot.Signals + number, count, 0);
}

/** Whether the process ends when it gets the signal. */
export function endsProcess(signal: number, state: Int32Array): boolean {
  if (signal === numbers.SIGKILL) return true;
  if (!endingSignals.some((name) => numbers[name] === signal)) return false;
  return load(state, Slot.Signals + signal) <= 0 && !ignoredSignals()(signal);
}

/** Signals that whoever started the program has it ignore, as `nohup` does with SIGHUP. Where that cannot be told, SIGHUP is left alone without a terminal. */
export function ignoredSignals(): (number: number) => boolean {
  try {
    const mask = BigInt(`0x${/^SigIgn:\s*([0-9a-f]+)/m.exec(fs.readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'}`);
    return (number) => ((mask >> BigInt(number - 1)) & 1n) === 1n;
  } catch {
    return (number) => number === os.constants.signals.SIGHUP && !process.stdout.isTTY;
  }
}
