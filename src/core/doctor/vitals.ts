import { err, ok, type Result } from '../../shared/result';

/**
 * What a target measures of itself while it is recorded. Durations are microseconds;
 * points in time are microseconds on the monotonic clock that V8's profiler uses too.
 * Sizes are bytes. Everything is bounded: lists keep the largest, series halve their
 * resolution when they are full.
 */
export interface Vitals {
  readonly version: 1;
  readonly from: number;
  readonly to: number;
  /** Written when the program ended or when it was asked for; false for what a crash left. */
  readonly isFinal: boolean;
  /** Of the whole process, its helper threads included. */
  readonly cpu: { readonly user: number; readonly system: number };
  /** `monitorEventLoopDelay()` less its resolution. */
  readonly delay: { readonly p50: number; readonly p99: number; readonly max: number; readonly count: number };
  /** Stretches in which the loop did not turn, after the start. */
  readonly blocks: { readonly count: number; readonly longest: readonly Block[] };
  readonly gc: readonly GcPauses[];
  readonly memory: readonly MemorySample[];
  /** What kept the loop alive, by kind as `process.getActiveResourcesInfo()` names it. */
  readonly resources: { readonly samples: number; readonly kinds: readonly ResourceKind[] };
  /** Asynchronous operations by the place that starts them. */
  readonly sites: readonly OperationSite[];
  /** Operations that could not be told to a place. */
  readonly unplaced: number;
  /** Requests that an HTTP server of this process answered. */
  readonly incoming: {
    readonly count: number;
    readonly total: number;
    readonly busy: number;
    readonly maxInFlight: number;
    /** Of the servers that answered, at most 20. */
    readonly ports: readonly number[];
  };
  /** Whether a server listened for connections. */
  readonly isListening: boolean;
}

export interface Block {
  readonly start: number;
  readonly end: number;
  /** CPU time within it: a process that only waits for a core is not blocked by its own work. */
  readonly cpu: number;
  /** Timers, sockets and servers that were open before and after it, and so had to wait. */
  readonly waiting: number;
}

export interface GcPauses {
  readonly kind: 'minor' | 'major' | 'incremental' | 'weak';
  readonly count: number;
  readonly total: number;
  readonly longest: number;
}

export interface MemorySample {
  readonly at: number;
  readonly heapUsed: number;
  /** Buffers and what else lives outside of V8's heap. */
  readonly external: number;
  readonly rss: number;
}

export interface ResourceKind {
  readonly kind: string;
  readonly mean: number;
  readonly max: number;
}

export type OperationKind = 'http' | 'file' | 'timer' | 'process';

export interface OperationSite {
  readonly kind: OperationKind;
  /** The first target that was seen there: `GET http://127.0.0.1:3000/items/:id`, `readFile`. */
  readonly target: string;
  /** The user's frames, the innermost first. */
  readonly frames: readonly StackFrame[];
  readonly count: number;
  readonly finished: number;
  /** Sum of the durations of those that finished. */
  readonly total: number;
  readonly longest: number;
  /** Time with at least one of them in flight. */
  readonly busy: number;
  readonly maxInFlight: number;
}

export interface StackFrame {
  /** A path or a `file:` url. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  readonly name: string;
  /** Whether the position is in the source already, through a source map of the running program. */
  readonly isMapped: boolean;
}

/** Why there are no measurements. */
export type VitalsIssue = { readonly kind: 'not-written' } | { readonly kind: 'damaged'; readonly expected: string };

/** Reads what a target wrote. The bytes come from the program under measurement, so nothing of them is trusted. */
export function readVitals(text: string): Result<Vitals, VitalsIssue> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err({ kind: 'damaged', expected: 'whole JSON' });
  }
  const wrong = firstWrong(value, shape, '');
  return wrong === undefined ? ok(value as Vitals) : err({ kind: 'damaged', expected: wrong });
}

type Shape = 'number' | 'string' | 'boolean' | readonly [Shape] | { readonly [name: string]: Shape };

const gcShape: Shape = { kind: 'string', count: 'number', total: 'number', longest: 'number' };
const siteShape: Shape = {
  kind: 'string',
  target: 'string',
  frames: [{ file: 'string', line: 'number', column: 'number', name: 'string', isMapped: 'boolean' }],
  count: 'number',
  finished: 'number',
  total: 'number',
  longest: 'number',
  busy: 'number',
  maxInFlight: 'number',
};
const shape: Shape = {
  version: 'number',
  from: 'number',
  to: 'number',
  isFinal: 'boolean',
  cpu: { user: 'number', system: 'number' },
  delay: { p50: 'number', p99: 'number', max: 'number', count: 'number' },
  blocks: { count: 'number', longest: [{ start: 'number', end: 'number', cpu: 'number', waiting: 'number' }] },
  gc: [gcShape],
  memory: [{ at: 'number', heapUsed: 'number', external: 'number', rss: 'number' }],
  resources: { samples: 'number', kinds: [{ kind: 'string', mean: 'number', max: 'number' }] },
  sites: [siteShape],
  unplaced: 'number',
  incoming: { count: 'number', total: 'number', busy: 'number', maxInFlight: 'number', ports: ['number'] },
  isListening: 'boolean',
};

/** The first place where a value is not of a shape. The depth is the shape's, not the value's. */
function firstWrong(value: unknown, wanted: Shape, at: string): string | undefined {
  if (typeof wanted === 'string') {
    const fits = typeof value === wanted && (wanted !== 'number' || Number.isFinite(value));
    return fits ? undefined : `a ${wanted} at ${at || 'the top'}`;
  }
  if (isList(wanted)) {
    if (!Array.isArray(value)) return `a list at ${at}`;
    for (let i = 0; i < value.length; i++) {
      const wrong = firstWrong(value[i], wanted[0], `${at}[${i}]`);
      if (wrong) return wrong;
    }
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return `an object at ${at || 'the top'}`;
  for (const [name, inner] of Object.entries(wanted)) {
    const wrong = firstWrong((value as Record<string, unknown>)[name], inner, at === '' ? name : `${at}.${name}`);
    if (wrong) return wrong;
  }
  return undefined;
}

const isList = (wanted: Shape): wanted is readonly [Shape] => Array.isArray(wanted);
