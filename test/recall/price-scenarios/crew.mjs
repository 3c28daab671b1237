import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Some threads that work off tasks; each takes the next one when it is done. */
export class Crew {
  constructor(file, size) {
    this.workers = Array.from({ length: size }, () => new Worker(file));
  }

  async run(tasks) {
    const results = [];
    const waiting = tasks[Symbol.iterator]();
    const work = async (worker) => {
      for (const task of waiting) {
        worker.postMessage(task);
        const [result] = await once(worker, 'message');
        results.push(result);
      }
    };
    await Promise.all(this.workers.map(work));
    return results;
  }

  async close() {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}
