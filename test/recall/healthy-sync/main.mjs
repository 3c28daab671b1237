// Fetches 400 records from a service, ten at a time, and writes them in batches.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

const BASE = `http://127.0.0.1:${process.env.UPSTREAM_PORT}`;

async function record(id) {
  const response = await fetch(`${BASE}/record${id}?ms=${30 + (id % 20)}`);
  return { id, ...(await response.json()) };
}

async function pooled(count, limit, job) {
  const results = new Array(count);
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const at = next++;
      results[at] = await job(at);
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}

const folder = await mkdtemp(path.join(os.tmpdir(), 'sync-'));
const records = await pooled(400, 10, record);
await Promise.all([0, 100, 200, 300].map((from) => writeFile(path.join(folder, `batch${from}.json`), JSON.stringify(records.slice(from, from + 100)))));
console.log(`${records.length} records, ${records.reduce((sum, one) => sum + one.value, 0)}`);
await rm(folder, { recursive: true });
