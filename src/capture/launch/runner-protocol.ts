import * as v from 'valibot';
import { fields, list, pid } from '../../shared/schemas/base';
import { fittingJson } from '../../shared/schemas/read-json';
import type { CaptureIssue } from '../records/capture-issue';

/**
 * Between the recorder and the runner, a small process in a terminal of the
 * editor that launches the target with the terminal as its own. JSON lines over
 * a local socket (a named pipe on Windows). When the socket closes, for whatever
 * reason, the runner ends the target with all its children. Whatever else is said
 * there is passed over: any program of this user can reach the socket.
 */
const spec = fields({
  command: v.string(),
  args: list(v.string()),
  shell: v.boolean(),
  cwd: v.string(),
  env: v.pipe(v.record(v.string(), v.optional(v.string())), v.readonly()),
  stdout: v.optional(v.literal('stderr')),
  session: v.optional(v.string()),
});
export const toRunnerSchema = v.variant('kind', [fields({ kind: v.literal('launch'), spec }), fields({ kind: v.literal('end'), farewell: v.string() })]);
export type ToRunner = v.InferOutput<typeof toRunnerSchema>;

/** The words of an issue are made of its fields, all of which are texts or numbers. */
const issue = v.custom<CaptureIssue>(
  (value) =>
    v.is(v.looseObject({ kind: v.picklist(['working-folder-missing', 'not-a-program', 'command-not-found', 'spawn-failed']) }), value) && v.is(texts, value),
);
const texts = v.record(v.string(), v.union([v.string(), v.number()]));

export const fromRunnerSchema = v.variant('kind', [
  fields({
    kind: v.literal('hello'),
    environment: fields({ NODE_OPTIONS: v.optional(v.string()), PATH: v.optional(v.string()), BUN_OPTIONS: v.optional(v.string()) }),
    version: v.string(),
  }),
  fields({ kind: v.literal('launched'), pid, identity: v.optional(fields({ pid, started: v.string() })) }),
  fields({ kind: v.literal('failed'), issue }),
  fields({ kind: v.literal('exited'), exit: fields({ code: v.nullable(v.number()), signal: v.nullable(v.string()) }) }),
]);
export type FromRunner = v.InferOutput<typeof fromRunnerSchema>;

/** An environment is some kilobytes; what is longer is none of it. */
const MOST_LINE = 1 << 24;

/** Splits a stream of chunks into JSON lines, of which those that do not fit are passed over. */
export function lineReader<const S extends v.GenericSchema>(schema: S, onMessage: (message: v.InferOutput<S>) => void): (chunk: string) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() as string;
    if (rest.length > MOST_LINE) rest = '';
    for (const line of lines) {
      const message = line === '' ? undefined : fittingJson(line, schema);
      if (message !== undefined) onMessage(message);
    }
  };
}
