/**
 * What the processes of a recording write into its folder and say over its socket. All of it
 * comes from the program under measurement: what does not fit is not there.
 */
import * as v from 'valibot';
import { amount, fields, finite, list, pid, whole } from '../../shared/schemas/base';

const key = v.pipe(v.string(), v.regex(/^[\w-]{1,200}$/));
/** A process; in a namespace of its own it may be the first one. */
const processId = v.pipe(pid, v.minValue(1));

/** What a process of a recording writes into the session's folder when it starts: `KEY.process.json`. */
export const announcementSchema = fields({
  /** Names the process within the session: its number, and something random, since numbers come back. */
  key,
  pid: processId,
  ppid: pid,
  version: v.string(),
  argv: list(v.string()),
  cwd: v.optional(v.string()),
  /** Why it is not recorded; undefined where it is. */
  failure: v.optional(v.string()),
});

/** What a thread writes when its profile is whole: `KEY.THREAD.thread.json`. */
export const threadAnnouncementSchema = fields({
  threadId: whole,
  /** Of a worker: its name or its file. */
  name: v.fallback(v.optional(v.string()), undefined),
  /** File names of what V8 answered, in the order of time, in the session's folder. */
  parts: list(v.string()),
  /** The profile has its end: nothing of it is missing. */
  isWhole: v.fallback(v.boolean(), false),
  /** The system's code for why its end could not be written. */
  failure: v.fallback(v.optional(v.string()), undefined),
});

/** A process that runs without being recorded, and why: `NAME.skipped.json`. */
export const skippedSchema = fields({ reason: v.picklist(['permission-model', 'policy']), argv: list(v.string()) });

/** A row of `KEY.THREAD.scripts.jsonl`. */
export const scriptSchema = fields({ scriptId: v.fallback(v.optional(v.string()), undefined), url: v.string(), sourceMapUrl: v.string() });

/** Calls and nanoseconds of one batch. */
const batch = fields({ calls: v.pipe(finite, v.minValue(1)), ns: amount });

/** A line of the loop's `loop.jsonl`. */
export const loopMessageSchema = v.variant('kind', [
  fields({ kind: v.literal('warmed-up') }),
  fields({ kind: v.literal('measured'), batches: v.pipe(v.array(batch), v.minLength(1), v.readonly()), isAsync: v.boolean() }),
  fields({
    kind: v.literal('failed'),
    reason: v.picklist(['import', 'not-exported', 'not-callable', 'arguments', 'setup', 'construct', 'threw']),
    message: v.string(),
    exports: v.optional(list(v.string())),
  }),
]);

/** A note of the TypeScript loader: `target/notes.ts`. */
export const notesSchema = list(
  fields({
    kind: v.literal('metadata-without-typescript'),
    file: v.string(),
    tsconfig: v.optional(v.string()),
    reason: v.picklist(['not-found', 'not-usable']),
  }),
);

/** What an agent says over the socket: `session-protocol.ts`. */
export const fromAgentSchema = v.variant('kind', [
  fields({ kind: v.literal('hello'), key }),
  fields({ kind: v.literal('stopped') }),
  fields({ kind: v.literal('ended') }),
  fields({ kind: v.literal('thread'), threadId: whole, name: v.fallback(v.optional(v.string()), undefined) }),
  fields({ kind: v.literal('thread-ended'), threadId: whole }),
  fields({ kind: v.literal('channel'), key, id: whole }),
]);

/** The program that an inspector is in, by its own word. */
export const aboutSchema = fields({ pid: v.fallback(pid, 0), version: v.fallback(v.string(), ''), argv: v.fallback(list(v.string()), []) });

/** Who made a private folder: `private-folder.ts`. */
export const ownerSchema = fields({ pid, started: v.string(), host: v.string() });

/** What an inspector lists under `/json/list`. */
export const targetListSchema = list(v.object({ webSocketDebuggerUrl: v.optional(v.string()), type: v.optional(v.string()) }));
