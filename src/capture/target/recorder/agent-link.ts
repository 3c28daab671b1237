import path from 'node:path';
import { BroadcastChannel, isMainThread, threadId, Worker } from 'node:worker_threads';
import { Gate, Slot, waitWhile } from './shared-state';

/** What the agent is told when it starts. */
export interface AgentData {
  readonly state: Int32Array;
  readonly folder: string;
  readonly key: string;
  readonly isHeap: boolean;
}

/** From a thread to the agent of its process. */
export type ToAgent =
  /** All workers end their profiles. */
  | { readonly kind: 'end-workers' }
  /** One does, and the answer comes through the channel. */
  | { readonly kind: 'end-worker'; readonly threadId: number; readonly question: string }
  /** The program is done and waits for the recorder to leave. */
  | { readonly kind: 'ended' }
  /** A worker begins, and waits at its gate; heap recordings only. */
  | { readonly kind: 'thread'; readonly threadId: number; readonly name: string | undefined; readonly gate: Int32Array }
  | { readonly kind: 'thread-ended'; readonly threadId: number };

export const channelName = (key: string): string => `plateau ${key}`;

/** How long ending workers may take: one that is in native code cannot be asked. */
const PATIENCE_MS = 2000;
/** How long a worker's heap may take to be read before the worker is ended from outside. */
const HEAP_PATIENCE_MS = 120_000;

/** A worker's inspector answers through the main thread, which may be blocked until the worker has begun. */
const WORKER_GO_MS = 1500;

export interface AgentLink {
  endWorkers(): void;
  endWorker(threadId: number): Promise<void>;
  /** Waits until the recorder lets the thread begin, where it lives. */
  awaitGo(): void;
  /** Waits until the recorder has what it wants of a thread that is done. */
  awaitRelease(): void;
}

/**
 * The agent is a thread of Plateau's own in every process: it hears of signals and of the
 * recorder while the program computes, and asks the other threads, through their
 * inspectors, to end their profiles.
 */
export function startAgent(data: AgentData, name: string | undefined): AgentLink {
  const { state, key, isHeap } = data;
  if (!isMainThread) return linkOfWorker(data, name);
  const agent = agentOf(data);
  return {
    endWorkers() {
      const before = Atomics.load(state, Slot.Flushed);
      if (!agent || Atomics.load(state, Slot.Workers) <= 0) return;
      agent.postMessage({ kind: 'end-workers' } satisfies ToAgent);
      waitWhile(state, Slot.Flushed, before, PATIENCE_MS);
    },
    endWorker: (id) => askToEnd(key, id, isHeap),
    awaitGo() {
      if (!agent) return;
      waitWhile(state, Slot.Agent, 0, 10_000);
      waitWhile(state, Slot.Go, 0, Number.POSITIVE_INFINITY, hearing(state));
    },
    awaitRelease() {
      if (!agent || Atomics.load(state, Slot.Agent) !== 1) return;
      agent.postMessage({ kind: 'ended' } satisfies ToAgent);
      waitWhile(state, Slot.Release, 0, Number.POSITIVE_INFINITY, hearing(state));
    },
  };
}

function linkOfWorker({ state, key, isHeap }: AgentData, name: string | undefined): AgentLink {
  const gate = new Int32Array(new SharedArrayBuffer(8));
  let hasBegun = false;
  const tell = (message: ToAgent): void => {
    const channel = new BroadcastChannel(channelName(key));
    channel.postMessage(message);
    channel.close();
  };
  return {
    endWorkers() {},
    endWorker: (id) => askToEnd(key, id, isHeap),
    awaitGo() {
      hasBegun = true;
      tell({ kind: 'thread', threadId, name, gate });
      waitWhile(gate, Gate.Go, 0, WORKER_GO_MS, hearing(state));
    },
    awaitRelease() {
      if (!hasBegun || Atomics.load(state, Slot.Agent) !== 1) return;
      tell({ kind: 'thread-ended', threadId });
      waitWhile(gate, Gate.Release, 0, Number.POSITIVE_INFINITY, hearing(state));
    },
  };
}

/** Whether the agent is connected, and its seconds go on. It may stand still while it hands over a large snapshot. */
function hearing(state: Int32Array): () => boolean {
  let beat = Atomics.load(state, Slot.Beat);
  let since = performance.now();
  return () => {
    const now = Atomics.load(state, Slot.Beat);
    if (now !== beat) {
      beat = now;
      since = performance.now();
    }
    return Atomics.load(state, Slot.Agent) === 1 && performance.now() - since < 120_000;
  };
}

/** Undefined where the permission model forbids threads: signals are then heard by nobody, and end the program without its profile. */
function agentOf(data: AgentData): Worker | undefined {
  try {
    return spawnAgent(data);
  } catch {
    return undefined;
  }
}

function spawnAgent(data: AgentData): Worker {
  // Node.js announces each new worker to the program at the next tick.
  const { nextTick } = process;
  process.nextTick = () => {};
  try {
    const agent = new Worker(path.join(data.folder, 'agent.cjs'), {
      workerData: data,
      env: {},
      execArgv: ['--expose-internals', '--no-warnings'],
      stdout: true, // else its output is joined to the program's, which opens that early
      stderr: true,
      trackUnmanagedFds: false,
    });
    agent.on('error', () => {}); // the program goes on, recorded but for what the agent is for
    agent.unref();
    return agent;
  } finally {
    process.nextTick = nextTick;
  }
}

let questions = 0;

function askToEnd(key: string, threadId: number, isHeap: boolean): Promise<void> {
  return new Promise((resolve) => {
    const channel = new BroadcastChannel(channelName(key));
    const question = `${process.pid} ${threadId} ${++questions}`;
    const done = (): void => {
      clearTimeout(timer);
      channel.close();
      resolve();
    };
    const timer = setTimeout(done, isHeap ? HEAP_PATIENCE_MS : PATIENCE_MS);
    channel.onmessage = (event) => {
      if ((event as { data: { answer?: string } }).data.answer === question) done();
    };
    channel.postMessage({ kind: 'end-worker', threadId, question } satisfies ToAgent);
  });
}
