// A store of AsyncLocalStorage lives as long as the longest work that was begun in it.
import { AsyncLocalStorage } from 'node:async_hooks';

const storage = new AsyncLocalStorage();
const open = new Set();

class Scope {
  constructor() {
    this.data = [1, 2, 3];
  }
}

export function exercise() {
  storage.run(new Scope(), () => {
    const done = AsyncLocalStorage.bind(() => storage.getStore());
    open.add(done);
  });
}
