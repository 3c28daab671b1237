const MTU = 1448 * 4;

function snapshot(seed: number, entries: number): Buffer {
  const body = Buffer.alloc(entries * 24, ' ');
  for (let i = 0; i < entries; i++) {
    const at = i * 24;
    body.write('S' + ((i * 31 + seed) % 99991), at, 8, 'latin1');
    const bid = 20 + ((i * 17 + seed * 13) % 9000) / 100;
    body.writeDoubleBE(bid, at + 8);
    body.writeDoubleBE(bid * (1 + ((i * 7) % 113) / 100000), at + 16);
  }
  return body;
}

function frame(type: number, body: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt8(type, 0);
  header.writeUInt32BE(body.length, 1);
  return Buffer.concat([header, body]);
}

/** the recorded feed as it came off the wire: a heartbeat and a snapshot per session */
export function* packets(sessions: number, entries: number): Generator<Buffer> {
  for (let s = 0; s < sessions; s++) {
    const wire = Buffer.concat([frame(0, Buffer.from('hb')), frame(1, snapshot(s, entries))]);
    for (let at = 0; at < wire.length; at += MTU) yield wire.subarray(at, at + MTU);
  }
}
