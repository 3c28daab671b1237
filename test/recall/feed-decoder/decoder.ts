const HEADER = 5;

export class FrameDecoder {
  onFrame: (type: number, body: Buffer) => void = () => {};
  private pending: Buffer = Buffer.alloc(0);
  received = 0;

  push(chunk: Buffer) {
    this.received += chunk.length;
    this.pending = Buffer.concat([this.pending, chunk]);
    while (this.pending.length >= HEADER) {
      const type = this.pending.readUInt8(0);
      const length = this.pending.readUInt32BE(1);
      if (this.pending.length < HEADER + length) return;
      const body = this.pending.subarray(HEADER, HEADER + length);
      this.pending = this.pending.subarray(HEADER + length);
      this.onFrame(type, body);
    }
  }

  get waiting() {
    return this.pending.length;
  }
}
