import fs from 'node:fs';
import { Worker } from 'node:worker_threads';
import { openRegularFileSync } from '../../files/read-regular-sync';
import { workerLimits } from '../support/worker-limits';

/**
 * The last two thirds of a snapshot's edges, read by a thread of its own: the reader of the whole has the nodes to read too.
 *
 * The list of edges begins at a fifth or a quarter of a snapshot and takes two thirds of
 * it, so a comma near the middle of the file stands within it, as a rule. The thread reads plain numbers from there to the list's
 * end, into memory that both threads share; whoever reads the file meanwhile jumps over
 * them. Whether the comma did stand in the list of edges, the reader of the whole knows
 * when it comes there: if not, the work was in vain and the file is read by one thread.
 *
 *   file     { snapshot, nodes: [ … ], edges: [ … , … ], …, strings: [ … ] }
 *   reader   |-------------------------------->|     |------------------>|
 *   thread                                     |---->|
 *                                           start   end
 */
export interface Tail {
  /** Bytes from the file's start: the comma before the thread's first number. */
  readonly start: number;
  /** Waits; where the list ends (its bracket), or undefined where what stands there is no list of plain numbers. */
  end(): number | undefined;
  /** What was read; valid after `end` gave a place. */
  numbers(): Uint32Array;
  stop(): void;
}

export interface TailWork {
  readonly kind: 'tail';
  readonly file: string;
  readonly start: number;
  /** `STATE`, `COUNT`; then `end` as two words. */
  readonly control: Int32Array;
  readonly numbers: Uint32Array;
}

const STATE = 0;
const COUNT = 1;
const END = 2;
const DONE = 1;
const FAILED = 2;
/** Below, a thread costs more than it saves; above, there is no such array. */
const LEAST = 24 << 20;
const MOST = 3 * 2 ** 30;
/** If the thread dies without a word, the reader goes on alone. */
const LONGEST_WAIT = 120_000;

/** Starts the thread; undefined where it would not pay, the middle of the file holds no numbers, or there is no room for them. */
export function startTail(threadFile: string, file: string, handle: number, size: number): Tail | undefined {
  if (size < LEAST || size > MOST) return undefined;
  const middle = Math.floor(size * SHARE);
  const probe = new Uint8Array(256);
  const length = fs.readSync(handle, probe, 0, probe.length, middle);
  const comma = probe.indexOf(0x2c);
  const isPlain = probe.subarray(0, length).every((byte) => byte === 0x2c || byte === 0x0a || (byte >= 0x30 && byte <= 0x39));
  if (comma < 0 || !isPlain) return undefined;
  const start = middle + comma;
  const control = new Int32Array(new SharedArrayBuffer(16));
  const numbers = roomFor(size - start);
  if (!numbers) return undefined;
  const worker = new Worker(threadFile, { workerData: { kind: 'tail', file, start, control, numbers } satisfies TailWork, resourceLimits: workerLimits() });
  worker.unref();
  // What fails there, the reader does itself.
  worker.on('error', () => undefined);
  return {
    start,
    end() {
      Atomics.wait(control, STATE, 0, LONGEST_WAIT);
      return Atomics.load(control, STATE) === DONE ? (control[END] as number) * 2 ** 24 + (control[END + 1] as number) : undefined;
    },
    numbers: () => numbers.subarray(0, control[COUNT]),
    stop: () => void worker.terminate(),
  };
}

/** A number has two bytes at least; memory that is not written costs nothing. */
function roomFor(bytes: number): Uint32Array | undefined {
  try {
    return new Uint32Array(new SharedArrayBuffer(4 * Math.ceil(bytes / 2)));
  } catch {
    return undefined; // one thread does with less
  }
}

/** Of the file, before the thread's part: 0.36 and 0.52 were 2 and 3 % slower. */
const SHARE = 0.42;
const WINDOW = 1 << 20;

/** In the thread. */
export function readTail({ file, start, control, numbers }: TailWork): void {
  let state = FAILED;
  try {
    const opened = openRegularFileSync(file, { isChosen: true });
    if (!opened.ok) return;
    const { descriptor: handle } = opened.value;
    try {
      const found = scanTail(handle, start + 1, numbers);
      if (found) {
        control[COUNT] = found.count;
        control[END] = Math.floor(found.end / 2 ** 24);
        control[END + 1] = found.end % 2 ** 24;
        state = DONE;
      }
    } finally {
      fs.closeSync(handle);
    }
  } finally {
    Atomics.store(control, STATE, state);
    Atomics.notify(control, STATE);
  }
}

function scanTail(handle: number, from: number, numbers: Uint32Array): { count: number; end: number } | undefined {
  const window = new Uint8Array(WINDOW);
  let base = from;
  let count = 0;
  let value = 0;
  let digits = 0;
  for (;;) {
    const length = fs.readSync(handle, window, 0, window.length, base);
    if (length === 0) return undefined;
    for (let at = 0; at < length; at++) {
      const byte = window[at] as number;
      const digit = byte ^ 0x30;
      if (digit <= 9) {
        value = (Math.imul(value, 10) + digit) | 0;
        digits++;
      } else if (byte === 0x2c) {
        // Numbers that do not fit are rare, and none is no list of ours.
        if (digits === 0 || digits > 9) return undefined;
        numbers[count++] = value;
        value = 0;
        digits = 0;
      } else if (byte === 0x5d && digits > 0 && digits <= 9) {
        numbers[count++] = value;
        return { count, end: base + at };
      } else if (byte !== 0x0a) return undefined;
    }
    base += length;
  }
}
