import { EventEmitter } from 'node:events';
import type net from 'node:net';
import type { InspectorSession } from './inspector';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** An inspector session over a channel of a recording: each line is a message of the protocol. */
export function channelInspector(socket: net.Socket): InspectorSession {
  const events = new EventEmitter();
  events.setMaxListeners(0);
  const waiting = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>();
  let ids = 0;
  const handle = (line: string): void => {
    let message: Message;
    try {
      message = JSON.parse(line) as Message;
    } catch {
      return; // cut off by the process's end
    }
    if (message.id === undefined) return void events.emit(message.method ?? '', message.params);
    const one = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error) one?.reject(new Error(message.error.message));
    else one?.resolve((message.result ?? {}) as never);
  };
  const pieces: Buffer[] = [];
  const onData = (chunk: Buffer): void => {
    let from = 0;
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, from)) {
      pieces.push(chunk.subarray(from, at));
      handle(Buffer.concat(pieces.splice(0)).toString('utf8'));
      from = at + 1;
    }
    if (from < chunk.length) pieces.push(chunk.subarray(from));
  };
  socket.on('data', onData);
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      for (const { reject } of waiting.values()) reject(new Error('the target closed the connection'));
      waiting.clear();
      resolve();
    });
  });
  const send = (method: string, params?: object): Promise<never> =>
    new Promise((resolve, reject) => {
      if (socket.destroyed) return reject(new Error('the target closed the connection'));
      waiting.set(++ids, { resolve, reject });
      socket.write(`${JSON.stringify({ id: ids, method, ...(params ? { params } : {}) })}\n`);
    });
  return {
    send: (method, ...params) => send(method, params[0] as object | undefined),
    sendNode: (method, params) => send(method, params),
    on: (event, listener) => {
      events.on(event, listener as (...args: unknown[]) => void);
      return () => events.off(event, listener as (...args: unknown[]) => void);
    },
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    close: async () => {
      socket.resume();
      socket.destroySoon();
      await closed;
    },
    closed,
  };
}
