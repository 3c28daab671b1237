import { setTimeout as sleep } from 'node:timers/promises';

/** A client of the rendering service: jobs are submitted, then asked after. */
export class Renderer {
  constructor(private readonly base: string) {}

  async submit(name: string, width: number): Promise<number> {
    const response = await fetch(`${this.base}/jobs`, { method: 'POST', body: JSON.stringify({ name, width }) });
    const { id } = (await response.json()) as { id: number };
    return id;
  }

  async finished(id: number, timeout: number): Promise<void> {
    const end = Date.now() + timeout;
    while (Date.now() < end) {
      const response = await fetch(`${this.base}/jobs/${id}`);
      const { state } = (await response.json()) as { state: string };
      if (state === 'done') return;
      await sleep(1000);
    }
    throw new Error(`job ${id} is not done after ${timeout} ms`);
  }
}
