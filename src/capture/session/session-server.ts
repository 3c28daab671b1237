import net from 'node:net';
import { fittingJson } from '../../shared/schemas/read-json';
import type { FromAgent, ToAgentProcess } from '../records/session-protocol';
import { fromAgentSchema } from '../records/session-schemas';

/** A thread of such a process, in a heap recording. */
export interface ConnectedThread {
  /** 0 is the main thread. */
  readonly threadId: number;
  /** The file of a worker. */
  readonly name: string | undefined;
  /** Settles when it is done and waits to be released; rejects when its process goes before that. */
  readonly ended: Promise<void>;
  readonly hasEnded: () => boolean;
}

/** A process of a recording whose agent is connected. */
export interface ConnectedProcess {
  readonly key: string;
  readonly main: ConnectedThread;
  /** Hears of each worker that starts, in a heap recording. */
  onThread: (thread: ConnectedThread) => void;
  readonly isConnected: boolean;
  tell(message: ToAgentProcess): void;
  /** Settles when its agent says so, or is gone. */
  readonly stopped: Promise<void>;
  readonly gone: Promise<void>;
  /** A connection to the inspector of one of its threads. Rejects if the process goes before. */
  channel(threadId: number): Promise<net.Socket>;
}

export interface SessionServer {
  readonly processes: ReadonlyMap<string, ConnectedProcess>;
  onConnect: (process: ConnectedProcess) => void;
  /** Settles when no process is connected any more. */
  allGone(): Promise<void>;
  close(): void;
}

/** Listens for the agents of a recording. Rejects where the address cannot be had. */
export async function serveSession(address: string): Promise<SessionServer> {
  const processes = new Map<string, ConnectedProcess>();
  const channels = new Map<string, (socket: net.Socket) => void>();
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}); // 'close' follows
    socket.once('close', () => sockets.delete(socket));
    firstLine(socket, (line, rest) => {
      const message = parse(line);
      if (message?.kind === 'hello') welcome(message.key, socket, rest);
      else if (message?.kind === 'channel') {
        const take = channels.get(`${message.key} ${message.id}`);
        if (!take) return void socket.destroy();
        if (rest.length > 0) socket.unshift(rest);
        take(socket);
      } else socket.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, resolve);
  });

  let ids = 0;
  function welcome(key: string, socket: net.Socket, rest: Buffer): void {
    const stopped = deferred();
    const gone = deferred();
    const main = endingThread(0, undefined);
    const threads = new Map([[0, main]]);
    let isConnected = true;
    const tell = (message: ToAgentProcess): void => {
      if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`);
    };
    const process: ConnectedProcess = {
      key,
      get isConnected() {
        return isConnected;
      },
      tell,
      stopped: stopped.promise,
      main,
      onThread() {},
      gone: gone.promise,
      channel(threadId) {
        const id = ++ids;
        const name = `${key} ${id}`;
        return new Promise((resolve, reject) => {
          channels.set(name, (channel) => {
            channels.delete(name);
            resolve(channel);
          });
          void gone.promise.then(() => {
            channels.delete(name);
            reject(new Error('the program has ended'));
          });
          tell({ kind: 'connect', id, threadId });
        });
      },
    };
    const start = (threadId: number, name: string | undefined): void => {
      if (threads.has(threadId)) return;
      const thread = endingThread(threadId, name);
      threads.set(threadId, thread);
      process.onThread(thread);
    };
    const read = lineReader((line) => {
      const message = parse(line);
      if (message?.kind === 'stopped') stopped.resolve();
      else if (message?.kind === 'thread') start(message.threadId, message.name);
      else if (message?.kind === 'thread-ended') threads.get(message.threadId)?.end();
      else if (message?.kind === 'ended') for (const thread of threads.values()) thread.end();
    });
    socket.on('data', read);
    socket.once('close', () => {
      isConnected = false;
      stopped.resolve();
      for (const thread of threads.values()) thread.lose();
      gone.resolve();
    });
    read(rest);
    processes.set(key, process);
    self.onConnect(process);
  }

  const self: SessionServer = {
    processes,
    onConnect() {},
    async allGone() {
      while ([...processes.values()].some((one) => one.isConnected)) await Promise.all([...processes.values()].map((one) => one.gone));
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
  return self;
}

/** A thread whose end is told from here. */
function endingThread(threadId: number, name: string | undefined): ConnectedThread & { end(): void; lose(): void } {
  const ended = deferred();
  ended.promise.catch(() => {}); // awaited later, or not at all
  let hasEnded = false;
  return {
    ...{ threadId, name, ended: ended.promise, hasEnded: () => hasEnded },
    end() {
      hasEnded = true;
      ended.resolve();
    },
    lose() {
      hasEnded = true;
      ended.reject(new Error('the target is gone'));
    },
  };
}

/** What an agent says; undefined for what is none of it. Whoever can reach the socket is this user, but may be anything. */
function parse(line: string): FromAgent | undefined {
  return fittingJson(line, fromAgentSchema);
}

const MOST_LINE = 1 << 16;

/** Hears the first line of a connection; what came with it is handed on. */
function firstLine(socket: net.Socket, onLine: (line: string, rest: Buffer) => void): void {
  let bytes: Buffer = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk]);
    const at = bytes.indexOf(0x0a);
    if (at < 0) {
      if (bytes.length > MOST_LINE) socket.destroy();
      return;
    }
    socket.off('data', onData);
    socket.pause();
    onLine(bytes.toString('utf8', 0, at), bytes.subarray(at + 1));
    socket.resume();
  };
  socket.on('data', onData);
}

function lineReader(onLine: (line: string) => void): (chunk: Buffer | string) => void {
  let rest = '';
  return (chunk) => {
    const parts = (rest + String(chunk)).split('\n');
    rest = parts.pop() as string;
    if (rest.length > MOST_LINE) rest = '';
    for (const line of parts) if (line !== '') onLine(line);
  };
}

function deferred(): { readonly promise: Promise<void>; resolve(): void; reject(error: Error): void } {
  let resolve = (): void => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<void>((done, fail) => {
    resolve = done;
    reject = fail;
  });
  return { promise, resolve, reject };
}
