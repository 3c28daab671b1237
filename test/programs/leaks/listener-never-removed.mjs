// Each visitor listens to a bus that outlives it.
import { EventEmitter } from 'node:events';

const bus = new EventEmitter();
bus.setMaxListeners(0);

class Visitor {
  constructor() {
    this.seen = [];
    bus.on('tick', () => this.seen.push(1));
  }
}

export function exercise() {
  return new Visitor();
}
