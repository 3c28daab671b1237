import { EventEmitter } from 'node:events';

export class Board extends EventEmitter {
  #services = new Map();

  constructor(names) {
    super();
    for (const [i, name] of names.entries()) {
      this.#services.set(name, { name, group: i % 2 ? 'internal' : 'public', latency: 20, checks: 0, state: 'up' });
    }
  }

  get(name) {
    return this.#services.get(name);
  }

  services() {
    return [...this.#services.values()];
  }

  report(name, latency) {
    const service = this.#services.get(name);
    service.checks++;
    service.latency = latency;
    const state = latency > 150 ? 'slow' : 'up';
    const changed = state !== service.state;
    service.state = state;
    this.emit('change', { name, latency, state, changed });
  }
}
