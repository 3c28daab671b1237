// A client of a device that sends length-prefixed frames over TCP.
import { once } from 'node:events';
import net from 'node:net';
import { FrameReader } from './frames';

const FRAMES = 16;
const SIZE = 9_000_000;

function device(): net.Server {
  return net.createServer((socket) => {
    const send = async () => {
      for (let n = 0; n < FRAMES; n++) {
        const body = Buffer.alloc(SIZE, n);
        const head = Buffer.alloc(8);
        head.writeUInt32BE(SIZE, 0);
        head.writeUInt32BE(n, 4);
        socket.write(head);
        for (let at = 0; at < body.length; at += 4096) if (!socket.write(body.subarray(at, at + 4096))) await once(socket, 'drain');
      }
      socket.end();
    };
    send();
  });
}

function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 64) sum = (sum * 31 + bytes[i]) >>> 0;
  return sum;
}

const server = device().listen(0);
await once(server, 'listening');
const socket = net.connect({ port: (server.address() as net.AddressInfo).port });
const reader = new FrameReader();
const sums: number[] = [];
reader.on('frame', (number: number, body: Buffer) => sums.push(checksum(body) ^ number));
socket.on('data', (chunk) => reader.push(chunk));
await once(socket, 'close');
server.close();
console.log(`${sums.length} frames, last checksum ${sums.at(-1)}`);
