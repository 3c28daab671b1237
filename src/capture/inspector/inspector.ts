import type { Socket } from 'node:net';
import CDP from 'chrome-remote-interface';
import type { ProtocolMapping } from 'devtools-protocol/types/protocol-mapping';
import { checkedAnswer, isEvent } from './inspector-answers';

type Commands = ProtocolMapping.Commands;
type Events = ProtocolMapping.Events;

/** Node.js's own domain, which the protocol's types leave out. */
interface NodeRuntimeEvents {
  'NodeRuntime.waitingForDisconnect': [];
}
type AllEvents = Events & NodeRuntimeEvents;

/** One connection to a V8 inspector. */
export interface InspectorSession {
  send<M extends keyof Commands>(method: M, ...params: Commands[M]['paramsType']): Promise<Commands[M]['returnType']>;
  /** `NodeRuntime` commands, which answer nothing. */
  sendNode(method: 'NodeRuntime.notifyWhenWaitingForDisconnect', params: { enabled: boolean }): Promise<void>;
  /** Returns what ends the subscription. */
  on<E extends keyof AllEvents>(event: E, listener: (...params: AllEvents[E]) => void): () => void;
  /** Stops and goes on reading from the connection, so that a slow disk is not flooded. */
  pause(): void;
  resume(): void;
  close(): Promise<void>;
  /** Settles when the connection is gone, whoever closed it. */
  readonly closed: Promise<void>;
}

/** How long a target may take to the closing of its connection. */
const FAREWELL_MS = 2000;

/** Connects to a `ws://` address of an inspector. Rejects if nobody listens there. */
export async function connectInspector(url: string): Promise<InspectorSession> {
  // An empty protocol: commands go by name, and nothing is fetched to learn them.
  const client = await CDP({ target: url, protocol: { version: { major: '1', minor: '3' }, domains: [] } as never });
  const emitter = client as unknown as NodeJS.EventEmitter;
  const raw = client as unknown as { send(method: string, params?: object): Promise<never> };
  const ws = (client as unknown as { _ws: { readonly _socket: Socket; terminate(): void } })._ws;
  const socket = ws._socket;
  let isClosed = false;
  const closed = new Promise<void>((resolve) => {
    emitter.once('disconnect', () => {
      isClosed = true;
      resolve();
    });
  });
  const gone = closed.then(() => Promise.reject(new Error('the target closed the connection')));
  gone.catch(() => {}); // only ever awaited within a race
  emitter.on('error', () => {}); // an event that is called so would be thrown
  return {
    send: async (method, ...params) => checkedAnswer(method, await Promise.race([raw.send(method, params[0] as object | undefined), gone])) as never,
    sendNode: (method, params) => Promise.race([raw.send(method, params), gone]) as never,
    on: (event, listener) => {
      const checked = (params: unknown): void => void (isEvent(event, params) && (listener as (params: unknown) => void)(params));
      emitter.on(event, checked);
      return () => emitter.off(event, checked);
    },
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    close: async () => {
      socket.resume(); // the answer to a farewell has to be read
      if (isClosed) return;
      // A target that is stopped says no farewell.
      const timer = setTimeout(() => ws.terminate(), FAREWELL_MS);
      await client.close().finally(() => clearTimeout(timer));
    },
    closed,
  };
}
