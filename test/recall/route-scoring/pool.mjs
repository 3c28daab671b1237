import { Worker } from 'node:worker_threads';

export class ScorePool {
  constructor(size, network) {
    this.network = network;
    this.pending = new Map();
    this.nextId = 1;
    this.turn = 0;
    this.workers = Array.from({ length: size }, () => {
      const worker = new Worker(new URL('./score-worker.mjs', import.meta.url));
      worker.on('message', ({ id, result }) => {
        const resolve = this.pending.get(id);
        this.pending.delete(id);
        resolve(result);
      });
      worker.on('error', (err) => {
        throw err;
      });
      return worker;
    });
  }

  score(request) {
    const id = this.nextId++;
    const worker = this.workers[this.turn++ % this.workers.length];
    return new Promise((resolve) => {
      this.pending.set(id, resolve);
      worker.postMessage({ id, request, network: this.network });
    });
  }

  close() {
    return Promise.all(this.workers.map((w) => w.terminate()));
  }
}
