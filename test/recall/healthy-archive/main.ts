// Reads records from a stream of chunks: keeps the chunks, joins them once, and reads on by an index.
const MAGIC = 0x504c;

interface Entry {
  kind: number;
  name: string;
  values: number[];
}

class Reader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(): number {
    return this.bytes[this.at++];
  }

  /** An unsigned integer, seven bits a byte, the lowest first. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  }

  text(): string {
    const length = this.varint();
    const from = this.at;
    this.at += length;
    return this.bytes.toString('utf8', from, this.at);
  }
}

function varint(target: number[], value: number): void {
  let rest = value;
  while (rest > 127) {
    target.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  target.push(rest);
}

function* chunks(count: number): Generator<Buffer> {
  for (let from = 0; from < count; from += 50) {
    const bytes: number[] = [];
    for (let i = from; i < from + 50; i++) {
      varint(bytes, MAGIC);
      bytes.push(i % 5);
      const name = Buffer.from(`entry-${i}`);
      varint(bytes, name.length);
      bytes.push(...name);
      varint(bytes, 20);
      for (let k = 0; k < 20; k++) varint(bytes, (i * (k + 1) * 7919) % 1_000_003);
    }
    yield Buffer.from(bytes);
  }
}

function entry(reader: Reader): Entry {
  if (reader.varint() !== MAGIC) throw new Error('no entry');
  const kind = reader.byte();
  const name = reader.text();
  const values: number[] = [];
  for (let left = reader.varint(); left > 0; left--) values.push(reader.varint());
  return { kind, name, values };
}

const received: Buffer[] = [];
for (const chunk of chunks(500_000)) received.push(chunk);
const reader = new Reader(Buffer.concat(received));
const sums = new Map<number, number>();
let names = 0;
while (!reader.done) {
  const { kind, name, values } = entry(reader);
  names += name.length;
  let sum = 0;
  for (const value of values) sum += value;
  sums.set(kind, (sums.get(kind) ?? 0) + sum);
}
console.log(`${received.length} chunks, ${names} letters`);
for (const [kind, sum] of sums) console.log(kind, sum);
