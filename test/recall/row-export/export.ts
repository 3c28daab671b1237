import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Reading } from './readings';

const HEADER = 'time,temperature,humidity,wind,note\n';

function cell(value: string | number): string {
  const text = typeof value === 'number' ? value.toFixed(1) : value;
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function row({ time, temperature, humidity, wind, note }: Reading): string {
  return `${[new Date(time).toISOString(), temperature, humidity, wind, note].map(cell).join(',')}\n`;
}

/** Writes each reading into the file of its station. */
export async function exportReadings(folder: string, readings: Iterable<Reading>): Promise<{ rows: number; warmest: number }> {
  const files = new Map<string, string>();
  let rows = 0;
  let warmest = Number.NEGATIVE_INFINITY;
  for (const reading of readings) {
    let file = files.get(reading.station);
    if (file === undefined) {
      file = path.join(folder, `${reading.station}.csv`);
      files.set(reading.station, file);
      await writeFile(file, HEADER);
    }
    await appendFile(file, row(reading));
    rows++;
    warmest = Math.max(warmest, reading.temperature);
  }
  return { rows, warmest };
}
