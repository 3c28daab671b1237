import os from 'node:os';
import { Slot } from './shared-state';

/** Signals that end a program which has no listener for them, and that a program can hear. */
export const endingSignals: readonly NodeJS.Signals[] = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR2', 'SIGALRM', 'SIGTERM', 'SIGXCPU', 'SIGBREAK'];

/** Keeps count of the program's own listeners for each of them: while it has one, the signal is its own affair. */
export function countSignalListeners(state: Int32Array): void {
  const numbers = os.constants.signals as Record<string, number | undefined>;
  const count = (name: string | symbol, added: number): void => {
    const number = typeof name === 'string' && name.startsWith('SIG') ? numbers[name] : undefined;
    if (number !== undefined) Atomics.store(state, Slot.Signals + number, process.listenerCount(name) + added);
  };
  process.on('newListener', (name) => count(name, 1));
  process.on('removeListener', (name) => count(name, 0));
}
