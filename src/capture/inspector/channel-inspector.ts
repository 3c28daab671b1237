import { EventEmitter } from 'node:events';
import type net from 'node:net';
import { fittingJson } from '../../shared/schemas/read-json';
import type { InspectorSession } from './inspector';
import { checkedAnswer, isEvent, messageSchema } from './inspector-answers';

/** More than any answer: a heap snapshot comes in chunks. A line that is longer is no inspector's. */
const MOST_LINE = 1 << 28;

/** An inspector session over a channel of a recording: each line is a message of the protocol. */
export function channelInspector(socket: net.Socket): InspectorSession {
  const events = new EventEmitter();
  events.setMaxListeners(0);
  const waiting = new Map<number, { readonly method: string; resolve: (result: never) => void; reject: (error: Error) => void }>();
  let ids = 0;
  const handle = (line: string): void => {
    const message = fittingJson(line, messageSchema);
    if (!message) return; // cut off by the process's end, or no message at all
    const { id, method = '', params, result = {}, error } = message;
    // By a name of ours: an event that is called "error" would be thrown.
    if (id === undefined) return void (isEvent(method, params) && events.emit(`on ${method}`, params));
    const one = waiting.get(id);
    waiting.delete(id);
    if (error) return one?.reject(new Error(error.message));
    try {
      one?.resolve(checkedAnswer(one.method, result) as never);
    } catch (unfit) {
      one?.reject(unfit as Error);
    }
  };
  const pieces: Buffer[] = [];
  let length = 0;
  const onData = (chunk: Buffer): void => {
    let from = 0;
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, from)) {
      pieces.push(chunk.subarray(from, at));
      const line = Buffer.concat(pieces.splice(0));
      length = 0;
      if (line.length > MOST_LINE) return void socket.destroy();
      handle(line.toString('utf8'));
      from = at + 1;
    }
    if (from < chunk.length) pieces.push(chunk.subarray(from));
    length += chunk.length - from;
    if (length > MOST_LINE) socket.destroy();
  };
  socket.on('data', onData);
  socket.on('error', () => {}); // 'close' follows
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
      waiting.set(++ids, { method, resolve, reject });
      socket.write(`${JSON.stringify({ id: ids, method, ...(params ? { params } : {}) })}\n`);
    });
  return {
    send: (method, ...params) => send(method, params[0] as object | undefined),
    sendNode: (method, params) => send(method, params),
    on: (event, listener) => {
      events.on(`on ${event}`, listener as (...args: unknown[]) => void);
      return () => events.off(`on ${event}`, listener as (...args: unknown[]) => void);
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
