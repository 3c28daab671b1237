// An interval for each job, and no clearInterval.
class Job {
  constructor() {
    this.log = ['started'];
  }
}

export function exercise() {
  const job = new Job();
  setInterval(() => job.log.length, 3_600_000);
}
