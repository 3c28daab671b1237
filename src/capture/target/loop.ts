/**
 * Calls one exported function over and over: warm-up first, then batches of about
 * 10 ms for the time asked. The profile begins between the two, so it holds the
 * measured calls alone.
 */
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import v8 from 'node:v8';
import { type LoopBatch, type LoopFailure, type LoopJob, type LoopMessage, loopCall, loopFailed } from '../records/loop';
import type { RecorderHandle } from './hook';
import { evaluateIn, runSetup, type Scope, valuesAround } from './loop-scope';

/** Of the hook, which is loaded before. */
const recorder = (globalThis as Record<symbol, unknown>)[Symbol.for('plateau.recorder')] as RecorderHandle;
const job = recorder.session.loop as LoopJob;
const globals = globalThis as unknown as Record<string, unknown>;
const keepAlive = setInterval(() => {}, 1 << 30);

type Callee = (...args: unknown[]) => unknown;
interface Call {
  readonly callee: Callee;
  readonly receiver: unknown;
  readonly args: unknown[];
}

class Failure extends Error {
  readonly reason: LoopFailure;
  readonly exports: string[] | undefined;
  constructor(reason: LoopFailure, cause: unknown, exports?: string[]) {
    super(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause));
    this.reason = reason;
    this.exports = exports;
  }
}

try {
  const target = await prepare();
  if (job.isDriven) await beDriven(target);
  const isAsync = await isThenable(target);
  const one = await runner(target, isAsync);
  await measure(one, job.warmupMs);
  tell({ kind: 'warmed-up' });
  recorder.begin();
  const batches = await measure(one, job.durationMs);
  recorder.end();
  tell({ kind: 'measured', batches, isAsync });
  clearInterval(keepAlive);
  process.exit(0);
} catch (error) {
  const failure = error instanceof Failure ? error : new Failure('threw', error);
  const told: LoopMessage = { kind: 'failed', reason: failure.reason, message: failure.message, ...(failure.exports ? { exports: failure.exports } : {}) };
  // The stack says where in the module it is; the other reasons are told in words.
  if (!job.isDriven || failure.reason === 'import') console.error(failure.message);
  if (job.isDriven) await new Promise(() => (globals[loopFailed] = JSON.stringify(told)));
  tell(told);
  process.exit(1);
}

async function prepare(): Promise<Call> {
  const loaded = (await import(pathToFileURL(job.file).href).catch((error: unknown) => {
    throw new Failure('import', error);
  })) as Record<string, unknown>;
  const { name, method } = job.exported;
  const around = valuesAround([...Object.values(loaded), ...Object.values(Object(loaded.default))]);
  const commonJs = loaded.default as Record<string, unknown> | undefined;
  const inner = commonJs !== null && typeof commonJs === 'object' ? (commonJs.default as unknown) : undefined;
  const value = loaded[name] ?? commonJs?.[name] ?? (name === 'default' ? (inner ?? commonJs) : around[name]);
  if (value === undefined) {
    const names = new Set([...Object.keys(loaded), ...(commonJs && typeof commonJs === 'object' ? Object.keys(commonJs) : [])]);
    names.delete('module.exports');
    throw new Failure('not-exported', `${job.file} has no export ${name}`, [...names]);
  }
  const scope = await scopeOf({ ...around, ...Object(commonJs), ...loaded });
  const args = await evaluate(job.args, scope);
  if (!method) {
    const callee = typeof value === 'function' ? value : inner;
    if (typeof callee !== 'function') throw new Failure('not-callable', `${name} is no function`);
    return { callee: callee as Callee, receiver: undefined, args };
  }
  const receiver = method.isStatic ? value : await instanceOf(value, name, scope);
  if (method.isGetter) {
    const getter = findGetter(receiver, method.name) ?? (() => (receiver as Record<string, unknown>)[method.name]);
    return { callee: getter, receiver, args: [] };
  }
  const callee = (receiver as Record<string, unknown>)[method.name];
  if (typeof callee !== 'function') throw new Failure('not-callable', `${name}.${method.name} is no function`);
  return { callee: callee as Callee, receiver, args };
}

function findGetter(receiver: unknown, name: string): (() => unknown) | undefined {
  for (let holder: unknown = receiver; holder !== null && holder !== undefined; holder = Object.getPrototypeOf(holder)) {
    const property = Object.getOwnPropertyDescriptor(holder, name);
    if (property) return property.get;
  }
  return undefined;
}

/** With what the setup gives, where there is one. */
async function scopeOf(scope: Scope): Promise<Scope> {
  if (!job.setup) return scope;
  try {
    return { ...scope, ...(await runSetup(job.setup, scope, job.file)) };
  } catch (error) {
    throw new Failure('setup', error);
  }
}

async function instanceOf(value: unknown, name: string, scope: Scope): Promise<unknown> {
  const { instance } = job;
  try {
    if (instance !== undefined) return await evaluateIn(instance, scope, job.file);
    return Reflect.construct(value as new () => unknown, await evaluate(job.constructorArgs, scope));
  } catch (error) {
    throw error instanceof Failure ? error : new Failure('construct', new Error(`${instance ?? `new ${name}()`} failed: ${String(error)}`));
  }
}

async function evaluate(list: string, scope: Scope): Promise<unknown[]> {
  try {
    return (await evaluateIn(`[${list}\n]`, scope, job.file)) as unknown[];
  } catch (error) {
    throw new Failure('arguments', error);
  }
}

/**
 * Never settles: whoever drives ends the process. An evaluation of the inspector runs what promises wait for,
 * but neither ticks nor the event loop: without a turn of it, streams that a call has begun would not even open.
 */
function beDriven({ callee, receiver, args }: Call): Promise<never> {
  globals[loopCall] = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i++) {
      await callee.apply(receiver, args);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return new Promise(() => {});
}

/** Milliseconds of one call above which code must be optimised while it runs, or the loop measures the interpreter. */
const LONG_CALL = 50;

/**
 * Makes the first call. V8 before Node.js 24 sometimes enters a short function for
 * good through on-stack replacement: five times slower, without a frame in profiles,
 * different from run to run. Functions that are called often do not need it.
 */
async function isThenable({ callee, receiver, args }: Call): Promise<boolean> {
  const isOld = Number.parseInt(process.versions.node, 10) < 24;
  if (isOld) v8.setFlagsFromString('--no-use-osr');
  const start = performance.now();
  const result = callee.apply(receiver, args) as { then?: unknown } | null | undefined;
  const thenable = typeof result?.then === 'function';
  if (isOld && performance.now() - start > LONG_CALL) v8.setFlagsFromString('--use-osr');
  if (thenable) await result;
  return thenable;
}

type Batch = (calls: number) => number | Promise<number>;

/**
 * Batches of calls of a target. What V8 inlines into a hot loop loses its frame in
 * CPU profiles (seen on Node.js 20: a getter's whole time told as the loop's), so
 * the loop calls other functions first: a call with many targets is not inlined.
 */
async function runner({ callee, receiver, args }: Call, isAsync: boolean): Promise<Batch> {
  const decoys: Callee[] = [() => 1, () => 2, () => 3, () => 4, () => 5];
  for (const decoy of decoys) {
    if (isAsync) await asyncBatch(decoy, undefined, [], 20);
    else batch(decoy, undefined, [], 20);
  }
  return (calls) => (isAsync ? asyncBatch(callee, receiver, args, calls) : batch(callee, receiver, args, calls));
}

/** Nanoseconds of so many calls. */
function batch(callee: Callee, receiver: unknown, args: unknown[], calls: number): number {
  const start = process.hrtime.bigint();
  for (let i = 0; i < calls; i++) callee.apply(receiver, args);
  return Number(process.hrtime.bigint() - start);
}

async function asyncBatch(callee: Callee, receiver: unknown, args: unknown[], calls: number): Promise<number> {
  const start = process.hrtime.bigint();
  for (let i = 0; i < calls; i++) await callee.apply(receiver, args);
  return Number(process.hrtime.bigint() - start);
}

async function measure(run: Batch, milliseconds: number): Promise<LoopBatch[]> {
  const batches: LoopBatch[] = [];
  const end = performance.now() + milliseconds;
  let calls = 1;
  do {
    const ns = await run(calls);
    batches.push({ calls, ns });
    const wanted = Math.round((calls * 1e7) / Math.max(ns, 1));
    calls = Math.max(1, Math.min(wanted, calls * 10, 10_000_000));
    await new Promise((resolve) => setImmediate(resolve));
  } while (performance.now() < end);
  return batches;
}

/** For the recorder, which reads it when the program is over. */
function tell(message: LoopMessage): void {
  fs.appendFileSync(
    path.join(recorder.session.results, 'loop.jsonl'),
    `${JSON.stringify(message)}
`,
  );
}
