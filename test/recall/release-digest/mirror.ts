import http from 'node:http';
import type { AddressInfo } from 'node:net';

const LATENCY = 45;

function release(project: string, number: number) {
  const notes = Array.from({ length: 2 + ((number * project.length) % 5) }, (_, i) =>
    (number + i) % 6 === 0 ? `BREAKING: option ${i} removed` : `fix: case ${number}.${i}`,
  );
  return { project, number, draft: number % 11 === 0, notes };
}

/** a local stand-in for the release server, as far away as the real one */
export async function startMirror() {
  const server = http.createServer((req, res) => {
    const [, project, , number] = (req.url ?? '').split('/');
    setTimeout(() => {
      res.setHeader('content-type', 'application/json');
      res.end(JSON.stringify(release(project, Number(number))));
    }, LATENCY);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
