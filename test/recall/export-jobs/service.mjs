import { EventEmitter } from 'node:events';

/** The export service of the warehouse: jobs run in the background. */
export class ExportService extends EventEmitter {
  constructor() {
    super();
    this.jobs = new Map();
    this.active = null;
  }

  submit(spec) {
    if (this.active) throw new Error('another export is running');
    const job = { id: `job-${this.jobs.size + 1}`, spec, state: 'running', rows: 0, started: Date.now(), took: 0 };
    this.jobs.set(job.id, job);
    this.active = job;
    this.#next(job, 0);
    return { id: job.id };
  }

  #next(job, step) {
    const steps = 4 + (job.spec.month.charCodeAt(6) % 3);
    setTimeout(() => {
      job.rows += 800 + step * 17;
      if (step + 1 < steps) return this.#next(job, step + 1);
      job.state = 'done';
      job.took = Date.now() - job.started;
      this.active = null;
      this.emit('done', job.id);
    }, 22);
  }

  status(id) {
    const job = this.jobs.get(id);
    if (!job) throw new Error(`no such job: ${id}`);
    return { state: job.state, rows: job.rows, took: job.took, error: job.error };
  }
}
