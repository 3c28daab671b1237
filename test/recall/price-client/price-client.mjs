import net from 'node:net';
import { FrameReader, header } from './frames.mjs';

export class PriceClient {
  static async connect(port) {
    const socket = net.connect({ port, host: '127.0.0.1' });
    await new Promise((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new PriceClient(socket);
  }

  constructor(socket) {
    this.socket = socket;
    this.waiting = [];
    const reader = new FrameReader((body) => this.waiting.shift()(JSON.parse(body.toString())));
    socket.on('data', (chunk) => reader.push(chunk));
  }

  request(message) {
    const body = Buffer.from(JSON.stringify(message));
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.socket.write(header(body.length));
      setImmediate(() => this.socket.write(body));
    });
  }

  close() {
    this.socket.end();
  }
}
