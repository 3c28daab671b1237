import childProcess from 'node:child_process';
import diagnostics from 'node:diagnostics_channel';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import type { Vitals } from '../../../core/doctor/vitals';
import { now } from './clock';
import type { Operation, OperationLog } from './operations';

type Undo = () => void;
type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
type Wrap = (original: AnyFunction) => AnyFunction;

/**
 * Watches what a program waits for, by standing before the functions that start it:
 * each keeps its arguments, its result, its name and what hangs on it. Nothing here
 * may throw into the program, so every look at an argument is guarded.
 */
export function watchOperations(log: OperationLog): Undo {
  const undo: Undo[] = [];
  // What goes by two names stays one function.
  const known = new Map<unknown, AnyFunction>();
  const put = (owner: object, name: string, wrap: Wrap): void => {
    const undone = replace(owner, name, (original) => {
      const wrapped = known.get(original) ?? wrap(original);
      known.set(original, wrapped);
      return wrapped;
    });
    if (undone) undo.push(undone);
  };
  // Up to the head of the answer, as with fetch: how long its body takes is another matter. Not by the
  // event 'response', for with a listener an answer that nobody reads would not be thrown away any more.
  const open = new WeakMap<object, Operation>();
  const onAnswer = (message: unknown): void => open.get((message as { request: object }).request)?.end();
  diagnostics.subscribe('http.client.response.finish', onAnswer);
  for (const module of [http, https]) for (const name of ['request', 'get']) put(module, name, (original) => watchRequest(original, log, open));
  if (typeof globalThis.fetch === 'function') {
    put(globalThis, 'fetch', (original) => watchPromise(original, log, 'http', fetchKey, fetchTarget));
  }
  for (const name of PROMISED)
    put(fs.promises, name, (original) =>
      watchPromise(
        original,
        log,
        'file',
        () => name,
        () => name,
      ),
    );
  for (const name of CALLED_BACK) put(fs, name, (original) => watchCallback(original, log, name));
  for (const owner of [globalThis, timers]) put(owner, 'setTimeout', (original) => watchTimer(original, log));
  put(timersPromises, 'setTimeout', (original) => watchPromise(original, log, 'timer', timerTarget, (args) => timerTarget(args) ?? ''));
  const { ChildProcess } = childProcess;
  put(ChildProcess.prototype, 'spawn', (original) => watchChild(original, log));
  syncBuiltinESMExports();
  return () => {
    diagnostics.unsubscribe('http.client.response.finish', onAnswer);
    for (const one of undo) one();
    syncBuiltinESMExports();
  };
}

const PROMISED = ['readFile', 'writeFile', 'appendFile', 'stat', 'lstat', 'access', 'readdir', 'mkdir', 'unlink', 'rename', 'copyFile', 'rm', 'open'];
const CALLED_BACK = ['readFile', 'writeFile', 'appendFile', 'stat', 'readdir'];

/** Timers below this are yields to the loop, not waits. */
const LEAST_TIMER_MS = 5;

function replace(owner: object, name: string, wrap: Wrap): Undo | undefined {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  const original = (owner as Record<string, unknown>)[name];
  if (!before?.configurable || typeof original !== 'function') return undefined;
  const wrapped = wrap(original as AnyFunction);
  // The name, the length, and what hangs on it, such as `util.promisify.custom`.
  Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(original));
  const { enumerable = true } = before;
  Object.defineProperty(owner, name, { value: wrapped, writable: true, configurable: true, enumerable });
  return () => {
    // Somebody else may stand before ours by now.
    if ((owner as Record<string, unknown>)[name] === wrapped) Object.defineProperty(owner, name, before);
  };
}

function watchPromise(
  original: AnyFunction,
  log: OperationLog,
  kind: 'http' | 'file' | 'timer',
  key: (args: unknown[]) => string | undefined,
  describe: (args: unknown[]) => string,
): AnyFunction {
  return function (...args) {
    const operation = guarded(() => {
      const text = key(args);
      return text === undefined ? undefined : log.begin(kind, text, () => describe(args));
    });
    const result = Reflect.apply(original, this, args);
    if (!operation || !(result instanceof Promise)) return result;
    // What is given on settles as the original does, so a rejection that nobody handles is still told.
    return result.then(
      (value) => {
        operation.end();
        return value;
      },
      (error) => {
        operation.end();
        throw error;
      },
    );
  };
}

function watchCallback(original: AnyFunction, log: OperationLog, name: string): AnyFunction {
  return function (...args) {
    const last = args.at(-1);
    const operation = typeof last === 'function' ? guarded(() => log.begin('file', name, () => name)) : undefined;
    if (!operation) return Reflect.apply(original, this, args);
    const callback = function (this: unknown, ...results: unknown[]): unknown {
      operation.end();
      return Reflect.apply(last as AnyFunction, this, results);
    };
    return Reflect.apply(original, this, [...args.slice(0, -1), callback]);
  };
}

function watchTimer(original: AnyFunction, log: OperationLog): AnyFunction {
  return function (...args) {
    const [callback, delay, ...rest] = args;
    const operation =
      typeof callback === 'function'
        ? guarded(() => {
            const target = timerTarget([delay]);
            return target === undefined ? undefined : log.begin('timer', target, () => target);
          })
        : undefined;
    if (!operation) return Reflect.apply(original, this, args);
    const fired = function (this: unknown, ...values: unknown[]): unknown {
      operation.end();
      return Reflect.apply(callback as AnyFunction, this, values);
    };
    return Reflect.apply(original, this, [fired, delay, ...rest]);
  };
}

function watchRequest(original: AnyFunction, log: OperationLog, open: WeakMap<object, Operation>): AnyFunction {
  return function (...args) {
    const request = Reflect.apply(original, this, args) as http.ClientRequest;
    guarded(() => {
      const describe = (): string => `${request.method} ${urlTarget(`${request.protocol}//${request.getHeader('host') ?? request.host}${request.path}`)}`;
      const operation = log.begin('http', `${request.method} ${request.host}`, describe);
      if (!operation) return;
      open.set(request, operation);
      request.once('close', () => {
        open.delete(request);
        operation.end();
      });
    });
    return request;
  };
}

function watchChild(original: AnyFunction, log: OperationLog): AnyFunction {
  return function (...args) {
    const result = Reflect.apply(original, this, args);
    guarded(() => {
      const child = this as childProcess.ChildProcess;
      const operation = child.pid === undefined ? undefined : log.begin('process', child.spawnfile, () => path.basename(child.spawnfile));
      if (operation) child.once('exit', () => operation.end());
    });
    return result;
  };
}

const MAX_PORTS = 20;

/** Requests to this process's own HTTP servers, from Node.js's own channels. */
export function watchIncoming(): { read(): Vitals['incoming']; stop(): void } {
  const starts = new WeakMap<object, number>();
  let count = 0;
  let total = 0;
  let busy = 0;
  let inFlight = 0;
  let maxInFlight = 0;
  let since = 0;
  /** Sum of the starts of those in flight. */
  let started = 0;
  const ports = new Set<number>();
  const onStart = (message: unknown): void => {
    const at = now();
    const { response, socket } = message as { response: object; socket?: { localPort?: number } };
    starts.set(response, at);
    if (socket?.localPort !== undefined && ports.size < MAX_PORTS) ports.add(socket.localPort);
    count++;
    started += at;
    if (inFlight++ === 0) since = at;
    if (inFlight > maxInFlight) maxInFlight = inFlight;
  };
  const onFinish = (message: unknown): void => {
    const { response } = message as { response: object };
    const start = starts.get(response);
    if (start === undefined) return;
    starts.delete(response);
    const at = now();
    total += at - start;
    started -= start;
    if (--inFlight === 0) busy += at - since;
  };
  diagnostics.subscribe('http.server.request.start', onStart);
  diagnostics.subscribe('http.server.response.finish', onFinish);
  return {
    read() {
      const at = now();
      return { count, total: total + inFlight * at - started, busy: busy + (inFlight > 0 ? at - since : 0), maxInFlight, ports: [...ports] };
    },
    stop() {
      diagnostics.unsubscribe('http.server.request.start', onStart);
      diagnostics.unsubscribe('http.server.response.finish', onFinish);
    },
  };
}

function timerTarget([delay]: unknown[]): string | undefined {
  return typeof delay === 'number' && delay >= LEAST_TIMER_MS ? `${Math.round(delay)} ms` : undefined;
}

/** Scheme, host and the beginning of the path. */
const fetchKey = ([input]: unknown[]): string => (typeof input === 'string' ? input.slice(0, 40) : 'fetch');

function fetchTarget([input, init]: unknown[]): string {
  const from = input instanceof Request ? input : undefined;
  const method = (init as { method?: string } | undefined)?.method ?? from?.method ?? 'GET';
  return `${method.toUpperCase()} ${urlTarget(from?.url ?? String(input))}`;
}

/** A url without its query, and with `:id` for what looks like one: who is asked, not for what. */
function urlTarget(text: string): string {
  const { protocol, host, pathname } = new URL(text);
  const segments = pathname.split('/').map((segment) => (/\d/.test(segment) || segment.length > 30 ? ':id' : segment));
  return `${protocol}//${host}${segments.join('/')}`.slice(0, 200);
}

function guarded<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined; // the program's own business, in a way that was not foreseen
  }
}
