import { telegrams } from './telegrams.mjs';
import { toReading } from './reading.mjs';

const WINDOW = 300;

function comfort(r) {
  return r.temperature * 0.7 + r.humidity * 0.2 - r.co2 * 0.001 + r.light * 0.0001;
}

function smooth(readings, weight) {
  let level = 0;
  let peak = -Infinity;
  for (let i = 0; i < readings.length; i++) {
    const r = readings[i];
    level = level * (1 - weight) + comfort(r) * weight;
    if (level > peak) peak = level;
  }
  return { level, peak };
}

function rollup(readings) {
  const windows = [];
  for (let start = 0; start < readings.length; start += WINDOW) {
    let t = 0;
    let h = 0;
    let worst = 0;
    const end = Math.min(readings.length, start + WINDOW);
    for (let i = start; i < end; i++) {
      const r = readings[i];
      t += r.temperature;
      h += r.humidity;
      if (r.co2 > worst) worst = r.co2;
    }
    windows.push({ start, temperature: t / (end - start), humidity: h / (end - start), worst });
  }
  return windows;
}

const readings = [];
for (const telegram of telegrams(60000)) readings.push(toReading(telegram));

let best = { weight: 0, peak: -Infinity };
for (let w = 1; w <= 45; w++) {
  const { peak } = smooth(readings, w / 400);
  if (peak > best.peak) best = { weight: w / 400, peak };
}
const windows = rollup(readings);
const stuffy = windows.filter((w) => w.worst > 1400).length;
console.log(`${readings.length} readings, ${windows.length} windows, ${stuffy} stuffy`);
console.log(`best weight ${best.weight.toFixed(3)}, peak ${best.peak.toFixed(2)}`);
