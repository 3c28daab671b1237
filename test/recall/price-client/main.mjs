import { startPriceServer } from './price-server.mjs';
import { PriceClient } from './price-client.mjs';

const SYMBOLS = ['ADS', 'ALV', 'BAS', 'BMW', 'DTE', 'SAP', 'SIE', 'VOW'];

function movingAverage(values, n) {
  const out = [];
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i];
    if (i >= n) sum -= values[i - n];
    if (i >= n - 1) out.push(sum / n);
  }
  return out;
}

const server = await startPriceServer();
const client = await PriceClient.connect(server.port);

const history = new Map(SYMBOLS.map((s) => [s, []]));
// each request depends on the cursor the last answer gave
let cursor = 0;
for (let round = 0; round < 12; round++) {
  for (const symbol of SYMBOLS) {
    const answer = await client.request({ symbol, cursor });
    history.get(symbol).push(answer.price);
    cursor = answer.cursor;
  }
}

client.close();
await server.close();

for (const [symbol, prices] of history) {
  const avg = movingAverage(prices, 4);
  console.log(`${symbol} last ${prices.at(-1).toFixed(2)} average ${avg.at(-1).toFixed(2)}`);
}
