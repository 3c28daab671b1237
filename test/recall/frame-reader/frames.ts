import { EventEmitter } from 'node:events';

const HEAD = 8;

/** Cuts a stream of bytes into frames: four bytes of length, four of number, then the body. */
export class FrameReader extends EventEmitter {
  private pending: Buffer = Buffer.alloc(0);
  private seen = 0;

  push(chunk: Buffer): void {
    this.seen += chunk.length;
    this.pending = Buffer.concat([this.pending, chunk]);
    for (let frame = this.next(); frame !== undefined; frame = this.next()) this.emit('frame', frame.number, frame.body);
  }

  get bytes(): number {
    return this.seen;
  }

  private next(): { number: number; body: Buffer } | undefined {
    if (this.pending.length < HEAD) return undefined;
    const length = this.pending.readUInt32BE(0);
    const number = this.pending.readUInt32BE(4);
    if (this.pending.length < HEAD + length) return undefined;
    const body = this.pending.subarray(HEAD, HEAD + length);
    this.pending = this.pending.subarray(HEAD + length);
    return { number, body };
  }
}
