/** Works through a list in the background, so that the program still answers in between. */
export class BackgroundJob {
  done = 0;
  cancelled = false;

  constructor(items, work) {
    this.items = items;
    this.work = work;
  }

  async run() {
    const results = [];
    for (const item of this.items) {
      if (this.cancelled) break;
      results.push(this.work(item));
      this.done += 1;
      await this.pause();
    }
    return results;
  }

  pause() {
    return new Promise((resolve) => setTimeout(resolve, 0));
  }
}
