import fs from 'node:fs';
import net from 'node:net';
import type { Internals } from './internals';
import type { Threads } from './threads';

/**
 * Joins the recorder to the inspector of a thread: a connection of its own to the
 * recorder's socket, in which each line is a message of the protocol as V8 or the
 * recorder wrote it. What V8 says is written at once and in full; until the recorder has
 * taken it, the next message waits in Node.js, outside of any heap.
 */
const open = new Set<() => void>();

/** Leaves the inspectors of all threads at once. */
export function closeChannels(): void {
  for (const close of [...open]) close();
}

export function openChannel(socketPath: string, hello: object, threadId: number, { MainThreadConnection }: Internals, threads: Threads): void {
  const socket = net.connect(socketPath);
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy());
  const write = (text: string): void => {
    if (!writeNow(socket, `${text}\n`)) socket.write(`${text}\n`);
  };
  socket.once('connect', () => {
    write(JSON.stringify(hello));
    if (threadId === 0) {
      const connection = new MainThreadConnection(write);
      const close = (): void => {
        if (open.delete(close)) connection.disconnect();
        socket.destroy();
      };
      open.add(close);
      socket.on(
        'data',
        lines((line) => open.has(close) && connection.dispatch(line)),
      );
      socket.once('close', close);
      return;
    }
    const early: string[] = [];
    let send = (line: string): void => void early.push(line);
    socket.on(
      'data',
      lines((line) => send(line)),
    );
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    // An empty text: the worker is gone.
    void threads
      .openWorker(threadId, (text) => (text === '' ? socket.destroySoon() : write(text)), closed)
      .then((tell) => {
        if (!tell) return void socket.destroy();
        send = tell;
        for (const line of early) tell(line);
      });
  });
}

/** False where the socket has no number that can be written to (Windows). */
function writeNow(socket: net.Socket, text: string): boolean {
  const fd = (socket as unknown as { _handle?: { fd?: number } })._handle?.fd;
  if (fd === undefined || fd < 0) return false;
  const bytes = Buffer.from(text, 'utf8');
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let done = 0; done < bytes.length; ) {
    try {
      done += fs.writeSync(fd, bytes, done);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return true; // the recorder has left, which `close` tells
      Atomics.wait(pause, 0, 0, 2);
    }
  }
  return true;
}

export function lines(onLine: (line: string) => void): (chunk: string | Buffer) => void {
  let rest = '';
  return (chunk) => {
    const parts = (rest + String(chunk)).split('\n');
    rest = parts.pop() as string;
    for (const line of parts) if (line !== '') onLine(line);
  };
}
