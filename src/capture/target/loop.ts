/**
 * Calls one exported function over and over: warm-up first, then batches of about
 * 10 ms for the time asked. The recorder starts its profile between the two, so
 * the profile holds the measured calls alone.
 */
import { pathToFileURL } from 'node:url';
import { type LoopBatch, type LoopFailure, type LoopJob, type LoopMessage, loopBinding, loopCall, loopContinue } from '../loop';

const job = JSON.parse(process.env.PLATEAU_LOOP ?? '{}') as LoopJob;
const globals = globalThis as unknown as Record<string, unknown>;
const keepAlive = setInterval(() => {}, 1 << 30);

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
  const call = await prepare();
  if (job.isDriven) await beDriven(call);
  const isAsync = await isThenable(call);
  const one = isAsync ? runAsync(call) : runSync(call);
  await measure(one, job.warmupMs);
  await handOver({ kind: 'warmed-up' });
  const batches = await measure(one, job.durationMs);
  await handOver({ kind: 'measured', batches, isAsync });
  clearInterval(keepAlive);
  process.exit(0);
} catch (error) {
  const failure = error instanceof Failure ? error : new Failure('threw', error);
  console.error(failure.message);
  await handOver({ kind: 'failed', reason: failure.reason, message: failure.message, ...(failure.exports ? { exports: failure.exports } : {}) });
  process.exit(1);
}

async function prepare(): Promise<() => unknown> {
  const loaded = (await import(pathToFileURL(job.file).href).catch((error: unknown) => {
    throw new Failure('import', error);
  })) as Record<string, unknown>;
  const { name, method } = job.exported;
  const commonJs = loaded.default as Record<string, unknown> | undefined;
  const inner = commonJs !== null && typeof commonJs === 'object' ? (commonJs.default as unknown) : undefined;
  const value = loaded[name] ?? commonJs?.[name] ?? (name === 'default' ? (inner ?? commonJs) : undefined);
  if (value === undefined) {
    const names = new Set([...Object.keys(loaded), ...(commonJs && typeof commonJs === 'object' ? Object.keys(commonJs) : [])]);
    names.delete('module.exports');
    throw new Failure('not-exported', `${job.file} has no export ${name}`, [...names]);
  }
  const args = evaluate(job.args);
  if (!method) {
    const callee = typeof value === 'function' ? value : inner;
    if (typeof callee !== 'function') throw new Failure('not-callable', `${name} is no function`);
    return () => (callee as (...a: unknown[]) => unknown)(...args);
  }
  const receiver = method.isStatic ? value : construct(value, name);
  if (method.isGetter) return () => (receiver as Record<string, unknown>)[method.name];
  const callee = (receiver as Record<string, unknown>)[method.name];
  if (typeof callee !== 'function') throw new Failure('not-callable', `${name}.${method.name} is no function`);
  return () => (callee as (...a: unknown[]) => unknown).apply(receiver, args);
}

function construct(value: unknown, name: string): unknown {
  try {
    return Reflect.construct(value as new () => unknown, evaluate(job.constructorArgs));
  } catch (error) {
    throw error instanceof Failure ? error : new Failure('construct', new Error(`new ${name}() failed: ${String(error)}`));
  }
}

function evaluate(list: string): unknown[] {
  try {
    // biome-ignore lint/security/noGlobalEval: the user typed this expression to be evaluated here
    // biome-ignore lint/complexity/noCommaOperator: indirect eval runs in the global scope
    return (0, eval)(`[${list}\n]`) as unknown[];
  } catch (error) {
    throw new Failure('arguments', error);
  }
}

/** Never settles: whoever drives ends the process. */
function beDriven(call: () => unknown): Promise<never> {
  globals[loopCall] = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i++) await call();
  };
  return new Promise(() => {});
}

async function isThenable(call: () => unknown): Promise<boolean> {
  const result = call() as { then?: unknown } | null | undefined;
  const thenable = typeof result?.then === 'function';
  if (thenable) await result;
  return thenable;
}

type Batch = (calls: number) => number | Promise<number>;

function runSync(call: () => unknown): Batch {
  return (calls) => {
    const start = process.hrtime.bigint();
    for (let i = 0; i < calls; i++) call();
    return Number(process.hrtime.bigint() - start);
  };
}

function runAsync(call: () => unknown): Batch {
  return async (calls) => {
    const start = process.hrtime.bigint();
    for (let i = 0; i < calls; i++) await call();
    return Number(process.hrtime.bigint() - start);
  };
}

async function measure(batch: Batch, milliseconds: number): Promise<LoopBatch[]> {
  const batches: LoopBatch[] = [];
  const end = performance.now() + milliseconds;
  let calls = 1;
  do {
    const ns = await batch(calls);
    batches.push({ calls, ns });
    const wanted = Math.round((calls * 1e7) / Math.max(ns, 1));
    calls = Math.max(1, Math.min(wanted, calls * 10, 10_000_000));
    await new Promise((resolve) => setImmediate(resolve));
  } while (performance.now() < end);
  return batches;
}

/** Tells the recorder, and waits until it says to go on. */
async function handOver(message: LoopMessage): Promise<void> {
  const tell = globals[loopBinding];
  if (typeof tell !== 'function') return;
  await new Promise<void>((resolve) => {
    globals[loopContinue] = resolve;
    (tell as (text: string) => void)(JSON.stringify(message));
  });
}
