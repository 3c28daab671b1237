// A stand-in for a name server on the other side of a slow network: every name is 127.0.0.1, after 70 ms.
import dgram from 'node:dgram';

const socket = dgram.createSocket('udp4');
socket.on('message', (message, from) => {
  let end = 12;
  while (message[end] !== 0) end += message[end] + 1;
  const question = message.subarray(12, end + 5);
  const head = Buffer.from(message.subarray(0, 12));
  head.writeUInt16BE(0x8180, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(1, 6);
  head.writeUInt32BE(0, 8);
  const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 127, 0, 0, 1]);
  setTimeout(() => socket.send(Buffer.concat([head, question, answer]), from.port, from.address), 70);
});
socket.bind(Number(process.env.NAMES_PORT), '127.0.0.1');
