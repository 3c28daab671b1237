/** What stands beside a recording as `NAME.plateau.json`; the types are in `recording-info.ts`. */
import * as v from 'valibot';
import { amount, byName, date, fields, finite, list, pid, whole } from '../../shared/schemas/base';
import { fitting } from '../../shared/schemas/read-json';
import { focusSchema, recipeSchema } from '../../shared/schemas/recipe';

/** JSON has no NaN: what one value alone gives, an interval without ends, is written as null. */
const end = v.pipe(
  v.nullable(finite),
  v.transform((value) => value ?? Number.NaN),
);
const estimate = fields({ mean: finite, low: end, high: end });
const exit = fields({ code: v.nullable(v.pipe(v.number(), v.safeInteger())), signal: v.nullable(v.string()) });
const share = v.pipe(finite, v.minValue(0), v.maxValue(1));

/** What a list of recordings shows. Times in microseconds, shares of active time. */
const headline = fields({
  duration: amount,
  active: amount,
  samples: whole,
  top: v.optional(fields({ name: v.string(), selfShare: share })),
});

/** Who recorded it: see `own-key.ts`. */
const seal = v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)));

const common = {
  version: v.literal(1),
  /** What the user calls it. */
  title: v.string(),
  /** ISO 8601. */
  recordedAt: date,
  recipe: recipeSchema,
  seal,
  node: v.string(),
  pid,
  commit: v.optional(v.string()),
  isDirty: v.optional(v.boolean()),
  exit: v.optional(exit),
};

/** One thread of a recording, whose profile is a file in the same folder. */
export const threadSchema = v.pipe(
  v.object({
    /** File name, without a folder: one with a folder in it could be of any file. */
    file: v.pipe(v.string(), v.regex(/^(?!\.\.)[^/\\\0]*\.cpuprofile$/i)),
    pid,
    ppid: v.fallback(pid, 0),
    /** 0 is the main thread. */
    threadId: whole,
    /** For lists: the script of a process, the file or the name of a worker. */
    name: v.string(),
    /** Of the process. */
    argv: v.fallback(list(v.string()), []),
    node: v.fallback(v.string(), ''),
    /** Microseconds, as in the profile. */
    startTime: finite,
    endTime: finite,
    /** Microseconds that were not idle. */
    active: amount,
    /** Of `active`: microseconds blocked in spawnSync, execSync or Atomics.wait, which is no work. */
    waiting: amount,
    samples: whole,
  }),
  v.check(({ startTime, endTime }) => endTime >= startTime, 'an end after its start'),
  v.readonly(),
);

export const recordingSchema = fields({
  ...common,
  focus: v.optional(focusSchema),
  /** Microseconds. */
  interval: amount,
  headline,
  loop: v.optional(fields({ calls: whole, perCall: estimate, rate: estimate })),
  /** Every thread of every process, the one that is shown first at the front; absent where there is one alone. Rows that do not fit are left out. */
  threads: v.optional(
    v.pipe(
      v.array(v.unknown()),
      v.transform((rows) => rows.flatMap((row) => fitting(row, threadSchema) ?? [])),
      v.readonly(),
    ),
  ),
  /** Line fingerprints of the hot sources as they were, by path. */
  sources: byName(list(v.string())),
});

const otherThread = fields({ pid, threadId: whole, name: v.string(), bytes: v.optional(amount) });

export const heapRecordingSchema = fields({
  ...common,
  heap: v.picklist(['sampling', 'snapshot', 'tracking']),
  /** Bytes: sampled allocations, or V8's heap in use. */
  bytes: amount,
  /** Bytes between samples, of sampling. */
  interval: v.optional(amount),
  includesCollected: v.optional(v.boolean()),
  /** Milliseconds for which the program stood still, of a snapshot. */
  pauseMs: v.optional(amount),
  /** Processes and workers of which nothing was kept. */
  otherProcesses: v.fallback(whole, 0),
  /** The thread that it is of, where there were several. */
  thread: v.optional(fields({ threadId: whole, name: v.string() })),
  /** The threads besides, the largest first; `bytes` where it was looked at. */
  others: v.optional(list(otherThread)),
});

/** Of either: whose heap or profile it is. */
export const pidSchema = fields({ pid });
