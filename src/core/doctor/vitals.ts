import * as v from 'valibot';
import { err, ok, type Result } from '../../shared/result';
import { fields, finite, list } from '../../shared/schemas/base';
import { readJson } from '../../shared/schemas/read-json';

const block = fields({
  start: finite,
  end: finite,
  /** CPU time within it: a process that only waits for a core is not blocked by its own work. */
  cpu: finite,
  /** Timers, sockets and servers that were open before and after it, and so had to wait. */
  waiting: finite,
});

const pauses = fields({ kind: v.picklist(['minor', 'major', 'incremental', 'weak']), count: finite, total: finite, longest: finite });

const memory = fields({
  at: finite,
  heapUsed: finite,
  /** Buffers and what else lives outside of V8's heap. */
  external: finite,
  rss: finite,
});

const resourceKind = fields({ kind: v.string(), mean: finite, max: finite });

const frame = fields({
  /** A path or a `file:` url. */
  file: v.string(),
  /** 1-based. */
  line: finite,
  /** 1-based. */
  column: finite,
  name: v.string(),
  /** Whether the position is in the source already, through a source map of the running program. */
  isMapped: v.boolean(),
});

const site = fields({
  kind: v.picklist(['http', 'socket', 'dns', 'file', 'zlib', 'crypto', 'timer', 'process']),
  /** The first target that was seen there: `GET http://127.0.0.1:3000/items/:id`, `readFile`. */
  target: v.string(),
  /** The user's frames, the innermost first. */
  frames: list(frame),
  count: finite,
  finished: finite,
  /** Sum of the durations of those that finished. */
  total: finite,
  longest: finite,
  /** Time with at least one of them in flight; of timers, and nothing else. */
  busy: finite,
  maxInFlight: finite,
  /** How many different things were asked for there, up to 100; missing where that is not told apart. */
  subjects: v.fallback(v.optional(finite), undefined),
  /** Of a timer: whether a promise waits for it, or a question that it asks again and again. */
  isAwaited: v.fallback(v.optional(v.boolean()), undefined),
  /** Of exchanges over sockets: how many were sent in more than one piece before an answer came. */
  inPieces: v.fallback(v.optional(finite), undefined),
  /**
   * Of requests that were sent, how long they waited for a connection before, together; how many were on their way at
   * once from then to their answer; and what limits them, as it is set: `maxSockets 2`. Missing in older measurements.
   */
  queue: v.fallback(v.optional(fields({ total: finite, atOnce: finite, limit: v.fallback(v.optional(v.string()), undefined) })), undefined),
});

/**
 * What a target measures of itself while it is recorded. Durations are microseconds;
 * points in time are microseconds on the monotonic clock that V8's profiler uses too.
 * Sizes are bytes. Everything is bounded: lists keep the largest, series halve their
 * resolution when they are full.
 */
export const vitalsSchema = fields({
  version: v.literal(1),
  from: finite,
  to: finite,
  /** Written when the program ended or when it was asked for; false for what a crash left. */
  isFinal: v.boolean(),
  /** Of the whole process, its helper threads included; `own` of the main thread alone, where the system tells it. */
  cpu: fields({ user: finite, system: finite, own: v.optional(finite) }),
  /** `monitorEventLoopDelay()` less its resolution. */
  delay: fields({ p50: finite, p99: finite, max: finite, count: finite }),
  /** Stretches in which the loop did not turn, after the start. */
  blocks: fields({ count: finite, longest: list(block) }),
  gc: list(pauses),
  memory: list(memory),
  /** What kept the loop alive, by kind as `process.getActiveResourcesInfo()` names it. */
  resources: fields({ samples: finite, kinds: list(resourceKind) }),
  /** Asynchronous operations by the place that starts them. */
  sites: list(site),
  /** Operations that could not be told to a place. */
  unplaced: finite,
  /** Time with anything of what is watched in flight, but timers, and the durations of what is told to no place together; missing in older measurements. */
  watched: v.fallback(v.optional(fields({ busy: finite, unknown: v.fallback(v.optional(finite), undefined) })), undefined),
  /** Threads of libuv's pool, time with work for one of them and with more work than threads, and the most at once. */
  pool: v.fallback(v.optional(fields({ size: finite, busy: finite, full: finite, most: finite })), undefined),
  /** Requests that an HTTP server of this process answered; `ports` are of the servers that did, at most 20. */
  incoming: fields({
    count: finite,
    total: finite,
    busy: finite,
    maxInFlight: finite,
    ports: list(finite),
    /** When requests came and were answered, with less than a second between them, and how many; missing in older measurements. */
    stretches: v.fallback(v.optional(list(fields({ from: finite, to: finite, count: finite }))), undefined),
  }),
  /** When V8 began to sample allocations, since live memory grew, and when that was given up; missing where it never did. */
  sampled: v.fallback(v.optional(fields({ from: finite, to: v.optional(finite) })), undefined),
  /** Whether a server listened for connections. */
  isListening: v.boolean(),
});

export type Vitals = v.InferOutput<typeof vitalsSchema>;
export type Block = Vitals['blocks']['longest'][number];
export type GcPauses = Vitals['gc'][number];
export type MemorySample = Vitals['memory'][number];
export type ResourceKind = Vitals['resources']['kinds'][number];
export type OperationSite = Vitals['sites'][number];
export type OperationKind = OperationSite['kind'];
export type StackFrame = OperationSite['frames'][number];

/** Why there are no measurements. */
export type VitalsIssue = { readonly kind: 'not-written' } | { readonly kind: 'damaged'; readonly expected: string };

/** Reads what a target wrote. The bytes come from the program under measurement, so nothing of them is trusted. */
export function readVitals(text: string): Result<Vitals, VitalsIssue> {
  const read = readJson(text, vitalsSchema);
  if (read.ok) return ok(read.value);
  const { error } = read;
  return err({ kind: 'damaged', expected: error.kind === 'not-json' ? 'whole JSON' : `${error.expected} at ${error.at || 'the top'}` });
}
