import { FrameDecoder } from './decoder';
import { packets } from './capture';

interface Quote {
  symbol: string;
  bid: number;
  ask: number;
}

function parseSnapshot(body: Buffer): Quote[] {
  const quotes: Quote[] = [];
  for (let at = 0; at + 24 <= body.length; at += 24) {
    quotes.push({
      symbol: body.toString('latin1', at, at + 8).trimEnd(),
      bid: body.readDoubleBE(at + 8),
      ask: body.readDoubleBE(at + 16),
    });
  }
  return quotes;
}

const decoder = new FrameDecoder();
let frames = 0;
let quotes = 0;
let widest = { symbol: '', spread: 0 };

decoder.onFrame = (type, body) => {
  frames++;
  if (type !== 1) return;
  for (const q of parseSnapshot(body)) {
    quotes++;
    const spread = (q.ask - q.bid) / q.bid;
    if (spread > widest.spread) widest = { symbol: q.symbol, spread };
  }
};

for (const packet of packets(3, 340_000)) decoder.push(packet);
console.log(`${frames} frames, ${quotes} quotes`);
console.log(`widest spread ${widest.symbol} ${(widest.spread * 100).toFixed(3)} %`);
