import diagnostics from 'node:diagnostics_channel';
import net from 'node:net';
import type { Operation, OperationLog } from './operations';
import { type AnyFunction, guarded, type Put, type Undo } from './replace';

/** What is known of a socket that this program connected. */
interface Client {
  readonly target: string;
  connecting: Operation | undefined;
  /** Something was written, and no answer has come yet. */
  asking: Operation | undefined;
  /** Whether the system may hold small pieces back: nobody has asked for `noDelay`. */
  mayHoldBack: boolean;
}

/**
 * Connections that a program opens itself, as the clients of databases do, TLS included: from a write to the next bytes
 * that come. What http, https and undici send is watched there. No listener is added but one for 'connect'; what never
 * gets an answer is not counted.
 */
export function watchSockets(put: Put, log: OperationLog): Undo {
  const clients = new WeakMap<object, Client>();
  const foreign = new WeakSet<object>();
  const onUndici = (message: unknown): void => {
    guarded(() => foreign.add((message as { socket: object }).socket));
  };
  diagnostics.subscribe('undici:client:connected', onUndici);

  const clientOf = (socket: object): Client | undefined => {
    const found = clients.get(socket);
    if (found) return found;
    // TLS over a connection that was there before: bytes no longer come through the socket below.
    const below = (socket as { _parent?: unknown })._parent;
    const inner = typeof below === 'object' && below !== null ? clients.get(below) : undefined;
    if (inner) clients.set(socket, inner);
    return inner;
  };
  const ask = (socket: object): void => {
    if (isOfHttp(socket)) return;
    const client = clientOf(socket);
    if (!client || foreign.has(socket)) return;
    if (client.asking) {
      if (client.mayHoldBack) client.asking.again?.();
      return;
    }
    client.asking = log.begin('socket', client.target, () => `an exchange with ${client.target}`);
  };
  const over = (client: Client | undefined): void => {
    client?.asking?.end();
    if (client) client.asking = undefined;
  };
  const { prototype } = net.Socket;
  const before = (look: (socket: object, args: unknown[]) => void) => (original: AnyFunction) =>
    function (this: unknown, ...args: unknown[]): unknown {
      try {
        look(this as object, args);
      } catch {
        // As with `guarded`, but without a function for each call: every write of every socket comes by.
      }
      return Reflect.apply(original, this, args);
    };

  put(
    prototype,
    'connect',
    before((socket, args) => {
      const target = targetOf(args);
      const connecting = log.begin('socket', `connect ${target}`, () => `a connection to ${target}`);
      clients.set(socket, { target, connecting, asking: undefined, mayHoldBack: !isWithoutDelay(args) });
      (socket as net.Socket).once('connect', () => connecting.end());
    }),
  );
  put(
    prototype,
    'setNoDelay',
    before((socket, [wanted]) => {
      const client = clientOf(socket);
      if (client) client.mayHoldBack = wanted === false;
    }),
  );
  put(prototype, 'write', before(ask));
  put(
    prototype,
    'end',
    before((socket, [chunk]) => {
      if (chunk !== undefined && chunk !== null && typeof chunk !== 'function') ask(socket);
    }),
  );
  put(
    prototype,
    'push',
    before((socket, [chunk]) => {
      if (chunk !== null && !isOfHttp(socket)) over(clients.get(socket));
    }),
  );
  put(
    prototype,
    '_destroy',
    before((socket) => {
      const client = clients.get(socket);
      client?.connecting?.end();
      over(client);
    }),
  );
  return () => diagnostics.unsubscribe('undici:client:connected', onUndici);
}

/** A socket that carries a request of http or https. */
function isOfHttp(socket: object): boolean {
  const { _httpMessage, parser } = socket as { _httpMessage?: unknown; parser?: unknown };
  return Boolean(_httpMessage) || Boolean(parser);
}

/** Whether `connect` is given `noDelay`, in any of its forms. */
function isWithoutDelay(args: readonly unknown[]): boolean {
  const [first] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  return typeof first === 'object' && first !== null && (first as { noDelay?: unknown }).noDelay === true;
}

/** `host:port`, or the path of a socket of this machine, from the arguments of `connect` in any of their forms. */
function targetOf(args: readonly unknown[]): string {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  if (typeof first === 'object' && first !== null) {
    const { path, host, port } = first as { path?: unknown; host?: unknown; port?: unknown };
    return String(path ?? `${host ?? 'localhost'}:${port}`).slice(0, 200);
  }
  if (typeof first === 'string' && !/^\d+$/.test(first)) return first.slice(0, 200);
  return `${typeof second === 'string' ? second : 'localhost'}:${first}`.slice(0, 200);
}
