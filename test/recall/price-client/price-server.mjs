import net from 'node:net';
import { FrameReader, header } from './frames.mjs';

const BASE = { ADS: 190, ALV: 260, BAS: 48, BMW: 98, DTE: 22, SAP: 170, SIE: 172, VOW: 118 };

function price(symbol, cursor) {
  return BASE[symbol] * (1 + Math.sin(cursor / 7) / 50);
}

export async function startPriceServer() {
  const server = net.createServer((socket) => {
    const reader = new FrameReader((body) => {
      const { symbol, cursor } = JSON.parse(body.toString());
      const answer = Buffer.from(JSON.stringify({ symbol, price: price(symbol, cursor), cursor: cursor + 1 }));
      socket.write(Buffer.concat([header(answer.length), answer]));
    });
    socket.on('data', (chunk) => reader.push(chunk));
    socket.on('error', () => socket.destroy());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: server.address().port,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
