/**
 * The agent: a thread of Plateau's own in each process of a recording. It is the one
 * that hears of signals, of the recorder and of time while the program computes.
 */
import net from 'node:net';
import { BroadcastChannel, parentPort, workerData } from 'node:worker_threads';
import { readSession } from '../../records/session-file';
import type { FromAgent, ToAgentProcess } from '../../records/session-protocol';
import { type AgentData, channelName, type ToAgent } from '../recorder/agent-link';
import { Slot } from '../recorder/shared-state';
import { hasTimeLimit } from './asleep';
import { closeChannels, lines, openChannel } from './channel';
import { internals } from './internals';
import { remoteOf } from './remote';
import { hearSignals } from './signals';
import { type Threads, threadsOf } from './threads';
import { workerGates } from './worker-gates';

const { state, folder, key, mayAbort } = workerData as AgentData;
const session = readSession(folder);

/** How long threads may take to write their profiles before a signal ends them. */
const END_MS = 1500;
/** How long they may take when the recorder asks. */
const STOP_MS = 10_000;
/** What is left to write at the end is no larger than this, more or less: Jest gives a worker half a second to end. */
const PART_BYTES = 1 << 20;
/** V8 makes one string of a part, which has 512 MB at most. */
const MOST_BYTES = 160 << 20;
/** Writing parts takes a twentieth of the program's time at most. */
const COST_SHARE = 20;
/** The first part is written early, for a program that is killed soon. */
const FIRST_MS = 400;
/** The second, too, to see how fast the profile grows once the program has started. */
const SECOND_MS = 3600;
/** Between parts of a program that may end so that nobody hears of it. */
const FRAGILE_MS = 100;

function run({ socket: address, checkpoint, isHeap }: NonNullable<typeof session>): void {
  const own = internals();
  const main = remoteOf(own.MainThreadConnection, state);
  const threads = threadsOf(main, state);
  const socket = net.connect(address);
  socket.setEncoding('utf8');
  const tell = (message: FromAgent): void => {
    if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`);
  };
  let stopParts = (): void => {};
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  /** What the recorder wants of the program before it ends. */
  const beforeEnd = (): Promise<void> => {
    if (!isHeap) return threads.endAllSoon(END_MS);
    tell({ kind: 'ended' });
    return released;
  };
  const gates = workerGates(tell);
  const signals = own.Signal ? hearSignals(own.Signal, state, beforeEnd, endBy) : undefined;

  socket.on('connect', () => {
    tell({ kind: 'hello', key });
    Atomics.store(state, Slot.Agent, 1);
  });
  socket.on('error', () => {}); // 'close' follows
  socket.on(
    'data',
    lines((line) => obey(JSON.parse(line) as ToAgentProcess)),
  );
  // The recorder is gone, however it came about: the program goes on without it.
  socket.on('close', () => {
    Atomics.store(state, Slot.Agent, 2);
    signals?.close();
    gates.openAll();
    release();
    clearInterval(beat);
    stopParts();
    // This thread stays: if it ended while the main thread still lets go of its connection, Node.js would abort now and then.
    void threads.discard().catch(() => {});
  });

  async function obey(message: ToAgentProcess): Promise<void> {
    switch (message.kind) {
      case 'go':
        if (message.threadId) return gates.go(message.threadId);
        Atomics.store(state, Slot.Go, 1);
        return;
      case 'release':
        if (message.threadId) return gates.release(message.threadId);
        // Node.js tells of a debugger that a program leaves behind.
        closeChannels();
        main.disconnect();
        Atomics.store(state, Slot.Release, 1);
        return release();
      case 'stop':
        await threads.endAll(STOP_MS).catch(() => {}); // it ends by itself
        return tell({ kind: 'stopped' });
      case 'connect':
        return openChannel(address, { kind: 'channel', key, id: message.id } satisfies FromAgent, message.threadId, own, threads);
    }
  }

  const answer = new BroadcastChannel(channelName(key));
  const hear = async (message: ToAgent): Promise<void> => {
    switch (message.kind) {
      case 'ended':
        return tell({ kind: 'ended' });
      case 'thread':
        return gates.started(message.threadId, message.name, message.gate);
      case 'thread-ended':
        return gates.ended(message.threadId);
      case 'end-workers':
        await threads.endWorkers(END_MS).catch(() => {});
        Atomics.add(state, Slot.Flushed, 1);
        Atomics.notify(state, Slot.Flushed);
        return;
      case 'end-worker':
        if (!isHeap) return threads.endWorker(message.threadId, END_MS).catch(() => {});
        await gates.beforeEnd(message.threadId);
        answer.postMessage({ answer: message.question });
    }
  };
  answer.onmessage = (event) => {
    const { data } = event as { data: ToAgent | { answer: string } };
    if ('kind' in data) void hear(data);
  };
  parentPort?.on('message', (message: ToAgent) => void hear(message));

  const beat = setInterval(() => Atomics.add(state, Slot.Beat, 1), 1000);
  if (!isHeap) stopParts = writeInParts(checkpoint * 1000, mayAbort || hasTimeLimit(), threads.checkpoint);
}

/** Ends the process by a signal, as its own action would. */
function endBy(name: NodeJS.Signals): void {
  process.kill(process.pid, name);
  // It was sent to all threads, of which one may have been starting to listen.
  setTimeout(() => process.kill(process.pid, name), 200);
}

/** Has the profile written so often that a process which is killed loses little, and no part becomes too large. Gives what ends that. */
function writeInParts(most: number, isFragile: boolean, write: Threads['checkpoint']): () => void {
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  let parts = 0;
  const next = (milliseconds: number): void => {
    timer = setTimeout(async () => {
      if (Atomics.load(state, Slot.Blocked) === 1) return next(1000);
      const isEarly = parts++ === 0 || isFragile;
      const { rate, cost } = await write(isEarly).catch(() => ({ rate: 0, cost: 0 }));
      if (isOver) return;
      if (isFragile) return next(Math.max(FRAGILE_MS, cost * COST_SHARE));
      if (isEarly) return next(Math.min(most, SECOND_MS));
      const untilFull = (bytes: number): number => (rate > 0 ? (bytes * 1000) / rate : most);
      next(Math.min(most, untilFull(MOST_BYTES), Math.max(1000, untilFull(PART_BYTES), cost * COST_SHARE)));
    }, milliseconds);
  };
  next(Math.min(most, isFragile ? FRAGILE_MS : FIRST_MS));
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}

// All constants are there by now.
if (session) run(session);
