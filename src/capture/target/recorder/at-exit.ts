/**
 * Runs something when the thread is about to end, after all that the program itself does
 * then. Nothing of the program changes: a listener of ours would be counted, listed, and
 * taken away with the program's own, and functions of ours would stand in its stack traces.
 * So the listener is there only at the moment at which the event is emitted.
 */
import fs from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { Slot, waitWhile } from './shared-state';
import { endsProcess } from './signal-listeners';

/** As it was before a program could replace it. */
const { readFileSync } = fs;

type Listener = (...args: unknown[]) => void;
type Listeners = Listener | Listener[] | undefined;
type Events = Record<string, Listeners>;
/** Gives the listener to call after all others, at the moment at which it is asked for. */
type Last = () => Listener | undefined;

interface Exiting {
  _events: Events;
  readonly _exiting?: boolean;
  reallyExit: Listener;
  abort: Listener;
  _kill?: (pid: number, signal: number) => number;
}

const exiting = process as unknown as Exiting;

/** `finish` is called once. */
export function atExit(finishNow: () => void, state: Int32Array): void {
  let isOver = false;
  const finish = (): void => {
    if (isOver) return;
    isOver = true;
    try {
      finishNow();
    } catch {
      // The program ends as it would; what there is of its profile is on disk.
    }
  };
  let isEmitted = false;
  listenLast({
    exit() {
      // Whoever asks first has just begun to emit it; an exit listener may ask, too.
      if (!exiting._exiting || isEmitted) return undefined;
      isEmitted = true;
      return () => finish();
    },
    // An exit listener that throws keeps those after it from being called.
    uncaughtExceptionMonitor: () => (exiting._exiting ? () => finish() : undefined),
  });
  beforeReallyExit(finish);
  beforeKill(finish, state);
  if (!isMainThread) return;
  exiting.abort = new Proxy(exiting.abort, {
    apply: function abortThrough(target, receiver, args): void {
      finish();
      Reflect.apply(target, receiver, args);
    },
  });
}

/** Has listeners called after those of the program. To whoever counts or lists them they are not there. */
function listenLast(lasts: Readonly<Record<string, Last>>): void {
  let events = exiting._events;
  const prepare = (table: Events): void => {
    const below = Object.create(null) as Events;
    for (const [name, last] of Object.entries(lasts)) {
      const place = (given: Listeners): void => {
        let own = given;
        Object.defineProperty(table, name, {
          configurable: true,
          enumerable: true,
          get: () => joined(own, last()),
          set(next: Listeners) {
            own = next;
          },
        });
      };
      Object.defineProperty(below, name, { get: () => last(), set: place });
      if (table[name] !== undefined) place(table[name]);
    }
    Object.setPrototypeOf(table, below);
  };
  prepare(events);
  // Removing all listeners makes a new table.
  Object.defineProperty(exiting, '_events', {
    configurable: true,
    enumerable: true,
    get: () => events,
    set(next: Events) {
      events = next;
      prepare(next);
    },
  });
}

function joined(own: Listeners, last: Listener | undefined): Listeners {
  if (!last) return own;
  if (own === undefined) return last;
  return typeof own === 'function' ? [own, last] : [...own, last];
}

/** `process.exit` asks for it at the very end; else it is called by who knows of it. */
function beforeReallyExit(finish: () => void): void {
  const original = exiting.reallyExit;
  const direct = new Proxy(original, {
    apply: function exitThrough(target, receiver, args): void {
      finish();
      Reflect.apply(target, receiver, args);
    },
  });
  let given = direct;
  Object.defineProperty(exiting, 'reallyExit', {
    configurable: true,
    enumerable: true,
    get() {
      if (!exiting._exiting) return given;
      finish();
      return given === direct ? original : given;
    },
    set(next: Listener) {
      given = next;
    },
  });
}

/**
 * A program that ends itself by a signal. While the agent listens to it, the signal is
 * only on its way when the call is over: the thread waits for its end, as nothing of the
 * program would run any more.
 */
function beforeKill(finish: () => void, state: Int32Array): void {
  if (!exiting._kill) return;
  exiting._kill = new Proxy(exiting._kill, {
    apply: function killThrough(target, receiver, args: [number, number]): number {
      const [pid, signal] = args;
      const isEnd = endsProcess(signal, state) && isSelf(pid, (group) => Reflect.apply(target, receiver, [group, 0]) === 0);
      if (isEnd && isMainThread) finish();
      else if (isEnd) waitWhile(state, Slot.Agent, 0, AGENT_MS); // it is the agent that has all threads end their profiles
      const result = Reflect.apply(target, receiver, args);
      if (isEnd && result === 0) waitWhile(state, Slot.Never, 0, END_MS);
      return result;
    },
  });
}

/** Whether a signal that is sent there comes back to this process; negative numbers are groups of processes. */
function isSelf(pid: number, exists: (pid: number) => boolean): boolean {
  if (pid === process.pid || pid === 0) return true;
  if (pid >= -1 || !(pid < 0)) return false;
  if (pid === -process.pid) return exists(pid);
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]) === -pid;
  } catch {
    return false; // not Linux
  }
}

/** How long an agent may take to start. */
const AGENT_MS = 2000;
/** Longer than it needs to end the process. */
const END_MS = 5000;
