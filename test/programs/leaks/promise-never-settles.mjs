// A race against something that never comes adds a reaction to it each time.
const shutdown = new Promise(() => {});

class Task {
  constructor() {
    this.result = [1, 2, 3];
  }
}

export async function exercise() {
  const task = new Task();
  await Promise.race([shutdown.then(() => task.result), Promise.resolve()]);
}
