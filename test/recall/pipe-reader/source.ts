/** Bytes that were received and not yet read. */
export class ByteSource {
  private pending = new Uint8Array(0);
  private count = 0;

  /** How many bytes were read. */
  get position(): number {
    return this.count;
  }

  get available(): number {
    return this.pending.length;
  }

  push(chunk: Uint8Array): void {
    const joined = new Uint8Array(this.pending.length + chunk.length);
    joined.set(this.pending);
    joined.set(chunk, this.pending.length);
    this.pending = joined;
  }

  peek(): number {
    if (this.pending.length === 0) throw new RangeError(`no byte at ${this.count}`);
    return this.pending[0];
  }

  /** The next byte. */
  next(): number {
    const byte = this.peek();
    this.pending = this.pending.slice(1);
    this.count++;
    return byte;
  }
}
