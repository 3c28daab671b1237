import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMeter, parseLine } from './meters.mjs';
import { startGateway } from './gateway.mjs';

const METERS = ['hall', 'roof', 'boiler', 'garage', 'office'];
const dir = mkdtempSync(join(tmpdir(), 'meters-'));

async function writeTariffs(count) {
  const names = [];
  for (let t = 0; t < count; t++) {
    const steps = Array.from({ length: 24 }, (_, hour) => ({ hour, cent: 22 + ((hour * 7 + t) % 15) }));
    names.push(`tariff-${t}.json`);
    await writeFile(join(dir, names[t]), JSON.stringify({ id: t, valid: `2024-${String(t + 1).padStart(2, '0')}`, steps }));
  }
  return names;
}

// live readings, kept up to date while the monthly settlement is computed
function watch(name, pipe, latest) {
  return new Promise((resolve, reject) => {
    let rest = '';
    const source = openMeter(pipe);
    source.on('data', (chunk) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop();
      for (const line of lines) latest.set(name, parseLine(line));
    });
    source.on('error', reject);
    source.on('close', resolve);
  });
}

async function settle(names, latest) {
  let cents = 0;
  for (const name of names) {
    const tariff = JSON.parse(await readFile(join(dir, name), 'utf8'));
    for (const [meter, reading] of latest) {
      const step = tariff.steps[(reading.seq + meter.length) % 24];
      cents += reading.value * step.cent;
    }
  }
  return cents / 100;
}

const tariffs = await writeTariffs(8);
const gateway = startGateway(dir, METERS);
const latest = new Map();
const closed = METERS.map((name) => watch(name, gateway.pipes.get(name), latest));

const total = await settle(tariffs, latest);
await gateway.stop();
await Promise.all(closed);
console.log(`${tariffs.length} tariffs applied to ${latest.size} meters: ${total > 0 ? 'settled' : 'nothing due'}`);
rmSync(dir, { recursive: true });
