import fs from 'node:fs';
import os from 'node:os';
import { internalBinding } from './internal-binding';
import { Slot } from './shared-state';

/** Signals that end a program which has no listener for them, and that a program can hear. */
export const endingSignals: readonly NodeJS.Signals[] = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR2', 'SIGALRM', 'SIGTERM', 'SIGXCPU', 'SIGBREAK'];

const numbers = os.constants.signals as Record<string, number | undefined>;

const { add, load, store } = Atomics;

interface SignalWrap {
  onsignal: (...args: unknown[]) => void;
}

/**
 * Keeps count of the program's own listeners for each of them: while it has one, the signal is
 * its own affair. The agent hears of a signal at the same time as the program does, and may look
 * when a listener that has heard it is gone already (`once`): so signals that the program has
 * heard are counted, too.
 */
export function countSignalListeners(state: Int32Array): void {
  const count = (name: string | symbol, added: number): void => {
    const number = typeof name === 'string' && name.startsWith('SIG') ? numbers[name] : undefined;
    if (number !== undefined) store(state, Slot.Signals + number, process.listenerCount(name) + added);
  };
  for (const name of endingSignals) count(name, 0); // Node.js itself has some, as for --report-on-signal
  process.on('newListener', (name) => count(name, 1));
  process.on('removeListener', (name) => count(name, 0));
  countHeard(state);
}

/** Node.js asks a signal's handle for its function each time that it calls it, so no function of ours stands in stack traces. */
function countHeard(state: Int32Array): void {
  let prototype: { start(this: SignalWrap, number: number): unknown };
  try {
    ({ prototype } = (internalBinding('signal_wrap') as { Signal: { prototype: typeof prototype } }).Signal);
  } catch {
    return; // the permission model, which hides it from the agent as well
  }
  prototype.start = new Proxy(prototype.start, {
    apply: function startThrough(target, handle: SignalWrap, args: [number]): unknown {
      const { onsignal } = handle;
      Object.defineProperty(handle, 'onsignal', {
        configurable: true,
        enumerable: true,
        get() {
          add(state, Slot.Heard + args[0], 1);
          return onsignal;
        },
      });
      return Reflect.apply(target, handle, args);
    },
  });
}

/** By the agent, for each signal of a number in their order: whether it is the program's own affair. Made when the agent begins to hear. */
export function ownSignals(state: Int32Array, number: number): () => boolean {
  /** Of those that the program has heard, or will. */
  let own = load(state, Slot.Heard + number);
  return () => {
    const isOwn = load(state, Slot.Signals + number) > 0 || load(state, Slot.Heard + number) > own;
    if (isOwn) own++;
    return isOwn;
  };
}

/** Whether the process ends when it gets the signal. */
export function endsProcess(signal: number, state: Int32Array): boolean {
  if (signal === numbers.SIGKILL) return true;
  if (!endingSignals.some((name) => numbers[name] === signal)) return false;
  return load(state, Slot.Signals + signal) === 0 && !ignoredSignals()(signal);
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
