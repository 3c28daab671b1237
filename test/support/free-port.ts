import net from 'node:net';

/** Below what systems give to connections; a part for each of the processes that run tests. */
const FIRST = 15_000;
const PARTS = 16;
const PART = 1000;
let given = 0;

/** A port of 127.0.0.1 on which nothing listens. None is given twice: a program may take a while until it listens. */
export async function freePort(): Promise<number> {
  for (;;) {
    const part = Number(process.env.VITEST_POOL_ID ?? 0) % PARTS;
    const port = FIRST + part * PART + (given++ % PART);
    if (await canListen(port)) return port;
  }
}

const canListen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
