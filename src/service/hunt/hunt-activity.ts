/**
 * Which thread of a program does the work of an exercise. In a cluster the primary owns the
 * port and only passes connections on, and a server may hand its work to workers; so each
 * thread is asked how many requests and connections it has served, and how long its event
 * loop was at work. Node.js tells of the first two through diagnostics_channel.
 */
import * as v from 'valibot';
import type { HeapTarget } from '../../capture/attach/heap-targets';
import { aborted } from '../../capture/launch/record-launch';
import { amount, fields, list, pid } from '../../shared/schemas/base';
import { fittingJson } from '../../shared/schemas/read-json';

const activitySchema = fields({
  requests: amount,
  connections: amount,
  /** Milliseconds for which its event loop was not idle. */
  active: amount,
  /** Processes that it has started as a cluster's primary. */
  clusterWorkers: list(v.fallback(pid, 0)),
});

/** What a thread has done so far, by its own word. */
export type Activity = v.InferOutput<typeof activitySchema>;

/** The first question sets up the counters. `require` is there for the inspector alone. */
const QUESTION = `(() => {
  if (typeof process !== 'object') return '';
  const key = Symbol.for('plateau.served');
  const load = (name) => (process.getBuiltinModule ? process.getBuiltinModule(name) : require(name));
  let counts = globalThis[key];
  if (!counts) {
    counts = { requests: 0, connections: 0 };
    Object.defineProperty(globalThis, key, { value: counts, enumerable: false, configurable: true });
    const { subscribe } = load('diagnostics_channel');
    const request = () => { counts.requests++; };
    subscribe('http.server.request.start', request);
    subscribe('http2.server.stream.start', request);
    subscribe('net.server.socket', () => { counts.connections++; });
  }
  const hasCluster = process.moduleLoadList?.includes('NativeModule cluster');
  const clusterWorkers = hasCluster ? Object.values(load('cluster').workers ?? {}).map((worker) => worker.process.pid) : [];
  return JSON.stringify({ ...counts, active: performance.eventLoopUtilization().active, clusterWorkers });
})()`;

/** A thread that is blocked answers late. */
const PATIENCE_MS = 2000;

/** Undefined where it cannot be told: of a browser, and of a thread that does not answer. */
export async function activityOf({ inspector }: HeapTarget): Promise<Activity | undefined> {
  try {
    const asked = inspector.send('Runtime.evaluate', { expression: QUESTION, returnByValue: true, includeCommandLineAPI: true, silent: true });
    asked.catch(() => {}); // too late
    const answer = await Promise.race([asked, aborted(AbortSignal.timeout(PATIENCE_MS))]);
    const text: unknown = answer?.result.value;
    return typeof text === 'string' ? fittingJson(text, activitySchema) : undefined;
  } catch {
    return undefined; // it has ended
  }
}

export type Activities = ReadonlyMap<HeapTarget, Activity>;

export async function activities(targets: Iterable<HeapTarget>): Promise<Activities> {
  const found = await Promise.all([...targets].map(async (target) => [target, await activityOf(target)] as const));
  return new Map(found.filter((one): one is readonly [HeapTarget, Activity] => one[1] !== undefined));
}

/** What shows that a thread was reached: `work` is the time of its event loop. */
export type Evidence = 'requests' | 'connections' | 'work';

/** The thread that did most between two answers. Undefined where none did anything that can be told. */
export function busiest(before: Activities, after: Activities): { readonly target: HeapTarget; readonly evidence: Evidence } | undefined {
  for (const evidence of ['requests', 'connections', 'work'] as const) {
    let best: { target: HeapTarget; grown: number } | undefined;
    for (const target of after.keys()) {
      const grown = grownBy(evidence, before.get(target), after.get(target));
      if (grown > (best?.grown ?? 0)) best = { target, grown };
    }
    if (best && (evidence !== 'work' || best.grown >= LEAST_WORK_MS)) return { target: best.target, evidence };
  }
  return undefined;
}

/** An answer to us takes a part of a millisecond itself. */
const LEAST_WORK_MS = 2;

export function grownBy(evidence: Evidence, before: Activity | undefined, after: Activity | undefined): number {
  const key = evidence === 'work' ? 'active' : evidence;
  return after ? after[key] - (before?.[key] ?? 0) : 0;
}
