/**
 * What an inspector may say. It is the program under measurement that speaks, or whatever
 * listens where one was expected: an answer that is not of its shape is an error of the
 * question, an event that is not of its shape has not happened.
 */
import type { Protocol } from 'devtools-protocol';
import * as v from 'valibot';
import { amount, finite } from '../../shared/schemas/base';
import { checkValue } from '../../shared/schemas/read-json';
import { isHeapProfile, isProfile } from '../records/fitting-profile';

const evaluated = v.looseObject({
  result: v.looseObject({ objectId: v.optional(v.string()) }),
  exceptionDetails: v.optional(v.looseObject({ text: v.string(), exception: v.optional(v.looseObject({ description: v.optional(v.string()) })) })),
});
const heapProfile = v.custom<Protocol.HeapProfiler.SamplingHeapProfile>(isHeapProfile);

const answers: Readonly<Record<string, v.GenericSchema>> = {
  'Runtime.evaluate': evaluated,
  'Runtime.callFunctionOn': evaluated,
  'Runtime.getHeapUsage': v.looseObject({ usedSize: amount, totalSize: amount }),
  'Runtime.queryObjects': v.looseObject({ objects: v.looseObject({ objectId: v.optional(v.string()) }) }),
  'Runtime.getProperties': v.looseObject({
    result: v.array(v.looseObject({ name: v.string(), value: v.optional(v.looseObject({ objectId: v.optional(v.string()) })) })),
  }),
  'HeapProfiler.getHeapObjectId': v.looseObject({ heapSnapshotObjectId: v.string() }),
  'HeapProfiler.stopSampling': v.looseObject({ profile: heapProfile }),
  'HeapProfiler.getSamplingProfile': v.looseObject({ profile: heapProfile }),
  'Profiler.stop': v.looseObject({ profile: v.custom<Protocol.Profiler.Profile>(isProfile) }),
  'Debugger.getScriptSource': v.looseObject({ scriptSource: v.string() }),
};

const events: Readonly<Record<string, v.GenericSchema>> = {
  'NodeRuntime.waitingForDisconnect': v.unknown(),
  'HeapProfiler.addHeapSnapshotChunk': v.looseObject({ chunk: v.string() }),
  'HeapProfiler.reportHeapSnapshotProgress': v.looseObject({ done: finite, total: finite }),
  'Debugger.scriptParsed': v.looseObject({ scriptId: v.string(), url: v.string(), sourceMapURL: v.optional(v.string()) }),
};

/** An answer that has the shape of its method. Throws where it has not. */
export function checkedAnswer<T>(method: string, answer: T): T {
  const checked = checkValue(answer, Object.hasOwn(answers, method) ? (answers[method] as v.GenericSchema) : v.looseObject({}));
  if (checked.ok) return answer;
  const { error } = checked;
  throw new Error(`the target answered ${method} with something else${error.kind === 'unfit' && error.at !== '' ? ` (at ${error.at.slice(0, 80)})` : ''}`);
}

/** Whether an event is one that is listened to, with what belongs to it. */
export const isEvent = (method: string, params: unknown): boolean => Object.hasOwn(events, method) && checkValue(params, events[method] as v.GenericSchema).ok;

/** A message of the protocol. */
export const messageSchema = v.object({
  id: v.optional(v.pipe(v.number(), v.safeInteger())),
  method: v.optional(v.string()),
  params: v.optional(v.unknown()),
  result: v.optional(v.unknown()),
  error: v.optional(v.looseObject({ message: v.fallback(v.string(), 'an error without a message') })),
});
