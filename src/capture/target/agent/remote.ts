import { Slot } from '../recorder/shared-state';
import type { Internals, MainThreadConnection } from './internals';

/**
 * The inspector of the process's main thread, from another thread of it. V8 answers while
 * the main thread computes. It is connected while somebody uses it: Node.js prints a
 * line when a program exits with a debugger attached. The main thread waits at its end
 * until it is not, and after that nobody connects any more.
 */
export interface Remote {
  /** The result of a command; rejects with V8's error. */
  send(method: string, params?: object): Promise<Record<string, unknown>>;
  on(method: string, listener: (params: never) => void): void;
  /** Stays connected as long as something goes on. Rejects where the program is at its end. */
  during<T>(what: () => Promise<T>): Promise<T>;
  /** Leaves at once, whatever goes on. */
  disconnect(): void;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: never;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

export function remoteOf(connect: Internals['MainThreadConnection'], state: Int32Array): Remote {
  const waiting = new Map<number, { resolve: (result: Record<string, unknown>) => void; reject: (error: Error) => void }>();
  const listeners = new Map<string, (params: never) => void>();
  let ids = 0;
  const handle = (text: string): void => {
    const { id, method, params, result, error } = JSON.parse(text) as Message;
    if (id === undefined) return listeners.get(method ?? '')?.(params as never);
    const one = waiting.get(id);
    waiting.delete(id);
    if (error) one?.reject(new Error(error.message));
    else one?.resolve(result ?? {});
  };
  // Node.js runs what waits for a promise only at the next turn of the loop, which may never come by itself.
  let connection: MainThreadConnection | undefined;
  let users = 0;
  return {
    send: (method, params) =>
      new Promise((resolve, reject) => {
        if (!connection) return reject(new Error('nobody is connected'));
        waiting.set(++ids, { resolve, reject });
        connection.dispatch(JSON.stringify({ id: ids, method, ...(params ? { params } : {}) }));
      }),
    on: (method, listener) => void listeners.set(method, listener),
    disconnect() {
      connection?.disconnect();
      connection = undefined;
      Atomics.store(state, Slot.Connected, 0);
    },
    async during(what) {
      if (users === 0) {
        Atomics.store(state, Slot.Connected, 1);
        if (Atomics.load(state, Slot.Ending) === 1) {
          Atomics.store(state, Slot.Connected, 0);
          throw new Error('the program ends');
        }
        connection = new connect((text) => void setImmediate(handle, text));
      }
      users++;
      try {
        return await what();
      } finally {
        if (--users === 0) {
          connection?.disconnect();
          connection = undefined;
          waiting.clear();
          Atomics.store(state, Slot.Connected, 0);
        }
      }
    },
  };
}
