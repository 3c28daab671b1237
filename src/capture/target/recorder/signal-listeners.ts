import fs from 'node:fs';
import os from 'node:os';
import { Slot } from './shared-state';

/** Signals that end a program which has no listener for them, and that a program can hear. */
export const endingSignals: readonly NodeJS.Signals[] = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR2', 'SIGALRM', 'SIGTERM', 'SIGXCPU', 'SIGBREAK'];

/** As it was before a program could replace it. */
const { readFileSync } = fs;

const numbers = os.constants.signals as Record<string, number | undefined>;

/**
 * Keeps count of the program's own listeners for each of them: while it has one, the signal is
 * its own affair. The agent hears of a signal at the same time as the program does, and may look
 * when a listener that has heard it is gone already (`once`): such signals are counted, too.
 */
export function countSignalListeners(state: Int32Array, onListener: (event: string | symbol) => void): void {
  const count = (name: string | symbol, added: number): void => {
    const number = typeof name === 'string' && name.startsWith('SIG') ? numbers[name] : undefined;
    if (number === undefined) return;
    const slot = Slot.Signals + number;
    const now = process.listenerCount(name) + added;
    if (now > 0 && Atomics.load(state, slot) === 0) {
      Atomics.store(state, Slot.Heard + number, 0);
      Atomics.add(state, Slot.Epochs + number, 1);
    } else if (now === 0 && added === 0 && isHearing()) Atomics.add(state, Slot.Heard + number, 1);
    Atomics.store(state, slot, now);
  };
  // Node.js itself has some, as for --report-on-signal.
  for (const name of [...endingSignals, ...otherEndingSignals]) if (process.listenerCount(name) > 0) count(name, 0);
  process.on('newListener', (name) =>
    quietly(() => {
      onListener(name);
      count(name, 1);
    }),
  );
  process.on('removeListener', (name) => quietly(() => count(name, 0)));
}

/** What the program has made of its world may be in the way: it must not hear of that. */
function quietly(what: () => void): void {
  try {
    what();
  } catch {
    // The agent takes the signal for one that nobody listens to, or that somebody does, as before.
  }
}

/** Whether a listener of a signal is being called: Node.js calls `process.emit` with nothing around it then. Where the program has frozen `Error`, that cannot be told. */
function isHearing(): boolean {
  const errors = Error as { stackTraceLimit: number; prepareStackTrace?: unknown };
  if (Object.isFrozen(errors)) return false;
  const { stackTraceLimit, prepareStackTrace } = errors;
  try {
    errors.stackTraceLimit = Number.POSITIVE_INFINITY;
    errors.prepareStackTrace = undefined;
    return new Error().stack?.split('\n').at(-1)?.includes('emit') ?? false;
  } finally {
    errors.stackTraceLimit = stackTraceLimit;
    errors.prepareStackTrace = prepareStackTrace;
  }
}

/** Signals that end a program, too, and that the agent does not hear: of faults, of timers, of V8's profiler. */
const otherEndingSignals: readonly NodeJS.Signals[] = [
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGILL',
  'SIGIO',
  'SIGPROF',
  'SIGPWR',
  'SIGSEGV',
  'SIGSTKFLT',
  'SIGSYS',
  'SIGTRAP',
  'SIGVTALRM',
];
const ending = new Set([...endingSignals, ...otherEndingSignals].map((name) => numbers[name]));

/** Whether the process ends when it sends itself the signal. */
export function endsProcess(signal: number, state: Int32Array): boolean {
  if (isFirst) return false;
  if (signal === numbers.SIGKILL) return true;
  if (!ending.has(signal)) return false;
  return Atomics.load(state, Slot.Signals + signal) === 0 && !ignoredSignals()(signal);
}

/** Linux gives the first process of a namespace no signal that it does not listen to. */
export const isFirst = process.pid === 1;

/** Signals that whoever started the program has it ignore, as `nohup` does with SIGHUP. Where that cannot be told, SIGHUP is left alone without a terminal. */
export function ignoredSignals(): (number: number) => boolean {
  try {
    const mask = BigInt(`0x${/^SigIgn:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'}`);
    return (number) => ((mask >> BigInt(number - 1)) & 1n) === 1n;
  } catch {
    return (number) => number === os.constants.signals.SIGHUP && !process.stdout.isTTY;
  }
}
