import { once } from 'node:events';
import net from 'node:net';
import readline from 'node:readline';

class Connection {
  #socket;
  #lines;

  async open(port) {
    this.#socket = net.connect({ host: '127.0.0.1', port, noDelay: true });
    await once(this.#socket, 'connect');
    this.#lines = readline.createInterface({ input: this.#socket });
    for (const step of ['hello', 'user app', 'proof 99']) {
      this.#socket.write(`${step}\n`);
      await once(this.#lines, 'line');
    }
    return this;
  }

  async query(query) {
    this.#socket.write(`${JSON.stringify({ id: 1, ...query })}\n`);
    const [line] = await once(this.#lines, 'line');
    return JSON.parse(line).rows;
  }
}

/** A pool of at most `size` connections. Who finds none free waits. */
export class Pool {
  #size;
  #port;
  #opened = 0;
  #idle = [];
  #waiting = [];

  constructor(size, port) {
    this.#size = size;
    this.#port = port;
  }

  async acquire() {
    const free = this.#idle.pop();
    if (free) return free;
    if (this.#opened < this.#size) {
      this.#opened++;
      return new Connection().open(this.#port);
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  release(connection) {
    const next = this.#waiting.shift();
    if (next) next(connection);
    else this.#idle.push(connection);
  }
}
