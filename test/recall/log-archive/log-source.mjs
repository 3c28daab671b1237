const PATHS = ['/', '/products', '/basket', '/checkout', '/api/stock', '/login'];

/** One day of an access log, in chunks of some hundred lines. */
export function* logChunks(day, chunks) {
  let s = day * 31337;
  const rnd = (n) => {
    s = (s * 16807) % 2147483647;
    return s % n;
  };
  for (let c = 0; c < chunks; c++) {
    const lines = [];
    for (let i = 0; i < 500; i++) {
      const ip = `10.${rnd(250)}.${rnd(250)}.${rnd(250)}`;
      lines.push(`${ip} - [2024-05-0${day}] "GET ${PATHS[rnd(6)]}?id=${rnd(9000)}" ${rnd(20) ? 200 : 404} ${rnd(50000)}`);
    }
    yield lines.join('\n') + '\n';
  }
}
