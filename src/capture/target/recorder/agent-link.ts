import path from 'node:path';
import { BroadcastChannel, isMainThread, threadId, Worker } from 'node:worker_threads';
import { Gate, Recorded, Slot, slotOfThread, waitWhile } from './shared-state';
import { workerEndings } from './worker-endings';

/** As they were before a program, or the hook, could replace them. */
const OwnWorker = Worker;
const { load, store } = Atomics;

/** What the agent is told when it starts. */
export interface AgentData {
  readonly state: Int32Array;
  readonly folder: string;
  readonly key: string;
  readonly isHeap: boolean;
  /** Node.js aborts at an error that nobody catches, before anybody hears of it. */
  readonly mayAbort: boolean;
}

/** From a thread to the agent of its process. */
export type ToAgent =
  /** All workers end their profiles. */
  | { readonly kind: 'end-workers' }
  /** One does, and ends; of a heap recording the answer comes through the channel when the recorder has what it wants of it. */
  | { readonly kind: 'end-worker'; readonly threadId: number; readonly question?: string }
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
  /** Waits until the agent has left the inspector of this thread, and lets it connect no more: Node.js would print a line. */
  leaveInspector(): void;
  /** Has the profile of a worker taken, and then `stop` called. Waits for that; gives what settles when it has come about where it takes too long. */
  endWorker(threadId: number, stop: () => void): Promise<void> | undefined;
  /** The profile of the worker is taken. */
  stopWorker(threadId: number): void;
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
export function startAgent(data: AgentData, name: () => string | undefined): AgentLink {
  const { state } = data;
  if (!isMainThread) return linkOfWorker(data, name);
  const agent = agentOf(data);
  const ending = workerEndings(state);
  return {
    stopWorker: ending.taken,
    endWorkers() {
      const before = load(state, Slot.Flushed);
      if (!agent || load(state, Slot.Workers) <= 0) return;
      agent.postMessage({ kind: 'end-workers' } satisfies ToAgent);
      waitWhile(state, Slot.Flushed, before, PATIENCE_MS);
    },
    leaveInspector() {
      store(state, Slot.Ending, 1);
      waitWhile(state, Slot.Connected, 1, PATIENCE_MS);
    },
    endWorker(id, stop) {
      if (!agent || load(state, slotOfThread(id)) === Recorded.Not) return undefined;
      if (data.isHeap) return askToEnd(data, id, agent);
      return ending.untilTaken(id, stop, () => agent.postMessage({ kind: 'end-worker', threadId: id } satisfies ToAgent));
    },
    awaitGo() {
      if (!agent) return;
      waitWhile(state, Slot.Agent, 0, 10_000);
      waitWhile(state, Slot.Go, 0, Number.POSITIVE_INFINITY, hearing(state));
    },
    awaitRelease() {
      if (!agent || load(state, Slot.Agent) !== 1) return;
      agent.postMessage({ kind: 'ended' } satisfies ToAgent);
      waitWhile(state, Slot.Release, 0, Number.POSITIVE_INFINITY, hearing(state));
    },
  };
}

function linkOfWorker(data: AgentData, name: () => string | undefined): AgentLink {
  const { state, key } = data;
  const gate = new Int32Array(new SharedArrayBuffer(8));
  const ending = workerEndings(state);
  let hasBegun = false;
  const tell = (message: ToAgent): void => {
    const channel = new BroadcastChannel(channelName(key));
    channel.postMessage(message);
    channel.close();
  };
  return {
    endWorkers() {},
    leaveInspector() {},
    stopWorker: ending.taken,
    endWorker(id, stop) {
      if (load(state, Slot.AgentThread) === 0 || load(state, slotOfThread(id)) === Recorded.Not) return undefined;
      waitWhile(state, Slot.Agent, 0, PATIENCE_MS); // before that it hears nothing
      if (data.isHeap) return askToEnd(data, id, undefined);
      return ending.untilTaken(id, stop, () => tell({ kind: 'end-worker', threadId: id }));
    },
    awaitGo() {
      hasBegun = true;
      store(state, slotOfThread(threadId), Recorded.Running);
      tell({ kind: 'thread', threadId, name: name(), gate });
      waitWhile(gate, Gate.Go, 0, WORKER_GO_MS, hearing(state));
    },
    awaitRelease() {
      if (!hasBegun || load(state, Slot.Agent) !== 1) return;
      hasBegun = false;
      store(state, slotOfThread(threadId), Recorded.Not);
      tell({ kind: 'thread-ended', threadId });
      waitWhile(gate, Gate.Release, 0, Number.POSITIVE_INFINITY, hearing(state));
    },
  };
}

/** Whether the agent is connected, and its seconds go on. It may stand still while it hands over a large snapshot. */
function hearing(state: Int32Array): () => boolean {
  let beat = load(state, Slot.Beat);
  let since = performance.now();
  return () => {
    const current = load(state, Slot.Beat);
    if (current !== beat) {
      beat = current;
      since = performance.now();
    }
    return load(state, Slot.Agent) === 1 && performance.now() - since < 120_000;
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
    const agent = new OwnWorker(path.join(data.folder, 'agent.cjs'), {
      workerData: data,
      env: {},
      execArgv: ['--expose-internals', '--no-warnings'],
      stdout: true, // else its output is joined to the program's, which opens that early
      stderr: true,
      trackUnmanagedFds: false,
    });
    store(data.state, Slot.AgentThread, agent.threadId);
    agent.on('error', () => {}); // the program goes on, recorded but for what the agent is for
    agent.unref();
    return agent;
  } finally {
    process.nextTick = nextTick;
  }
}

let questions = 0;

/** A worker that ends workers of its own has no link to the agent, and asks all who listen. */
function askToEnd({ key }: AgentData, threadId: number, agent: Worker | undefined): Promise<void> {
  return new Promise((resolve) => {
    const channel = new BroadcastChannel(channelName(key));
    const question = `${process.pid} ${threadId} ${++questions}`;
    const done = (): void => {
      clearTimeout(timer);
      channel.close();
      resolve();
    };
    const timer = setTimeout(done, HEAP_PATIENCE_MS);
    channel.onmessage = (event) => {
      if ((event as { data: { answer?: string } }).data.answer === question) done();
    };
    const ask = { kind: 'end-worker', threadId, question } satisfies ToAgent;
    (agent ?? channel).postMessage(ask); // a worker waits for it where it is just starting
  });
}
