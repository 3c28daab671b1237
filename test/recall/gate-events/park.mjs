import { EventEmitter } from 'node:events';

export class Park extends EventEmitter {
  inside = 0;
  most = 0;

  constructor() {
    super();
    this.setMaxListeners(0);
  }

  enter(visitor) {
    visitor.hear = (notice) => visitor.heard.push(notice);
    this.on('notice', visitor.hear);
    this.inside += 1;
    this.most = Math.max(this.most, this.inside);
  }

  leave(visitor) {
    this.off('notice', visitor.hear);
    visitor.hear = null;
    this.inside -= 1;
  }

  announce(text) {
    this.emit('notice', { text });
  }
}
