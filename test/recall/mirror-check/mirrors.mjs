import http from 'node:http';

/** a local mirror that answers with the delay of a distant one */
export async function startMirrors() {
  const server = http.createServer((req, res) => {
    const n = Number(/-(\d+)\./.exec(req.url)?.[1] ?? 0);
    setTimeout(() => {
      if (n % 97 === 5) res.statusCode = 404;
      else {
        res.setHeader('x-size', 2000 + ((n * 37) % 9000));
        res.setHeader('x-age', n % 41);
      }
      res.end();
    }, 40 + (n % 20));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    base: `http://127.0.0.1:${server.address().port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
