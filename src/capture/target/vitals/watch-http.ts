import diagnostics from 'node:diagnostics_channel';
import http from 'node:http';
import https from 'node:https';
import type { Operation, OperationLog } from './operations';
import { type AnyFunction, guarded, type Put, type Undo } from './replace';
import { watchPromise } from './watch-calls';

/**
 * Requests up to the head of the answer: how long its body takes is another matter. Not by the event 'response',
 * for with a listener an answer that nobody reads would not be thrown away any more.
 */
export function watchHttp(put: Put, log: OperationLog): Undo {
  const open = new WeakMap<object, Operation>();
  const asked = askedByFetch();
  const onAnswer = (message: unknown): void => open.get((message as { request: object }).request)?.end();
  diagnostics.subscribe('http.client.response.finish', onAnswer);
  for (const module of [http, https]) for (const name of ['request', 'get']) put(module, name, (original) => watchRequest(original, log, open));
  if (typeof globalThis.fetch === 'function')
    put(globalThis, 'fetch', (original) =>
      watchPromise(original, log, 'http', fetchKey, fetchTarget, undefined, (args, operation) => asked.add(args, operation)),
    );
  const stopUndici = watchUndici(log, asked);
  return () => {
    diagnostics.unsubscribe('http.client.response.finish', onAnswer);
    stopUndici();
  };
}

interface UndiciRequest {
  readonly method?: unknown;
  readonly origin?: unknown;
  readonly path?: unknown;
}

/** Calls of `fetch` that are not sent yet, by whom they ask: what is sent there next is taken for the oldest of them. */
interface Asked {
  add(args: unknown[], operation: Operation): Operation;
  take(origin: string): Operation | undefined;
}

function askedByFetch(): Asked {
  const waiting = new Map<string, Set<Operation>>();
  return {
    add([input], operation) {
      const { origin } = new URL(input instanceof Request ? input.url : String(input));
      const all = waiting.get(origin) ?? new Set();
      const remove = (): void => {
        if (all.delete(operation) && all.size === 0) waiting.delete(origin);
      };
      waiting.set(origin, all.add(operation));
      return {
        end(isWait) {
          remove();
          operation.end(isWait);
        },
      };
    },
    take(origin) {
      const [oldest] = waiting.get(origin) ?? [];
      if (oldest) waiting.get(origin)?.delete(oldest);
      return oldest;
    },
  };
}

/** The package undici, by the channels that it has had since version 4.7. Node.js's own `fetch` tells there too, and is watched as a function. */
function watchUndici(log: OperationLog, asked: Asked): Undo {
  const open = new WeakMap<object, Operation>();
  const bodies = new WeakMap<object, Operation>();
  /** The first request over a connection waits for it to open, not for its turn. */
  const used = new WeakSet<object>();
  const end = (message: unknown): void => guarded(() => open.get((message as { request: object }).request)?.end());
  const endWhole = (message: unknown): void => {
    end(message);
    guarded(() => bodies.get((message as { request: object }).request)?.end());
  };
  const subscriptions: readonly [string, (message: unknown) => void][] = [
    [
      'undici:request:create',
      (message) =>
        guarded(() => {
          const { request } = message as { request: UndiciRequest & object };
          bodies.set(request, log.beginUnplaced());
          const frames = log.frames();
          if (!frames) return;
          const describe = (): string => `${request.method} ${urlTarget(`${request.origin}${request.path}`)}`;
          open.set(request, log.begin('http', `${request.method} ${request.origin}`, describe, { frames }));
        }),
    ],
    [
      'undici:client:sendHeaders',
      (message) =>
        guarded(() => {
          const { request, socket } = message as { request: UndiciRequest & object; socket: object };
          const byFetch = asked.take(String(request.origin));
          if (used.has(socket)) for (const one of [open.get(request), byFetch]) one?.sent?.();
          used.add(socket);
        }),
    ],
    ['undici:request:headers', end],
    ['undici:request:trailers', endWhole],
    ['undici:request:error', endWhole],
  ];
  for (const [channel, listener] of subscriptions) diagnostics.subscribe(channel, listener);
  return () => {
    for (const [channel, listener] of subscriptions) diagnostics.unsubscribe(channel, listener);
  };
}

function watchRequest(original: AnyFunction, log: OperationLog, open: WeakMap<object, Operation>): AnyFunction {
  return function (...args) {
    const request = Reflect.apply(original, this, args) as http.ClientRequest;
    guarded(() => {
      const whole = log.beginUnplaced();
      if (log.isCrowded()) {
        request.once('close', () => whole.end());
        return;
      }
      const describe = (): string => `${request.method} ${urlTarget(`${request.protocol}//${request.getHeader('host') ?? request.host}${request.path}`)}`;
      const operation = log.begin('http', `${request.method} ${request.host}`, describe);
      open.set(request, operation);
      const limit = limitOf(request);
      // A new connection is given to it before it is open, so what passes until then is the queue of the agent alone.
      if (limit !== undefined) request.once('socket', () => operation.sent?.(limit));
      request.once('close', () => {
        open.delete(request);
        if (limit !== undefined && !request.socket) operation.sent?.(limit);
        operation.end();
        whole.end();
      });
    });
    return request;
  };
}

/** What fills the queue of its agent; undefined where that has none. */
function limitOf(request: http.ClientRequest): string | undefined {
  const { maxSockets, maxTotalSockets } = ((request as { agent?: unknown }).agent ?? {}) as { maxSockets?: unknown; maxTotalSockets?: unknown };
  if (typeof maxSockets === 'number' && Number.isFinite(maxSockets)) return `maxSockets ${maxSockets}`;
  return typeof maxTotalSockets === 'number' && Number.isFinite(maxTotalSockets) ? `maxTotalSockets ${maxTotalSockets}` : undefined;
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
