export function header(length) {
  const head = Buffer.alloc(6);
  head.write('PX', 0, 'latin1');
  head.writeUInt32BE(length, 2);
  return head;
}

export class FrameReader {
  constructor(onFrame) {
    this.onFrame = onFrame;
    this.parts = [];
    this.size = 0;
  }

  push(chunk) {
    this.parts.push(chunk);
    this.size += chunk.length;
    let data = this.parts.length === 1 ? chunk : Buffer.concat(this.parts, this.size);
    while (data.length >= 6) {
      const length = data.readUInt32BE(2);
      if (data.length < 6 + length) break;
      this.onFrame(data.subarray(6, 6 + length));
      data = data.subarray(6 + length);
    }
    this.parts = data.length ? [data] : [];
    this.size = data.length;
  }
}
