const MEGABYTE = 1024 * 1024;

/** Keeps an eye on the memory of an import, so that it stops before the container is killed. */
export class MemoryWatch {
  most = 0;

  constructor(limit) {
    this.limit = limit * MEGABYTE;
  }

  check(step) {
    const { rss, heapUsed } = process.memoryUsage();
    if (heapUsed > this.most) this.most = heapUsed;
    if (rss > this.limit) throw new Error(`out of memory at ${step}: ${Math.round(rss / MEGABYTE)} MB`);
  }
}
