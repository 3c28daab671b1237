// A morning's report: what went wrong in the last lines of each service's log.
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeLogs } from './services.mjs';
import { lastLines } from './tail.mjs';

function parse(line) {
  const match = /^(\S+ \S+) (\w+) (\S+ \S+) (\d{3}) (\d+) ms$/.exec(line);
  return match && { at: match[1], request: match[3], status: Number(match[4]), time: Number(match[5]) };
}

function summary(lines) {
  const entries = lines.map(parse).filter(Boolean);
  const errors = entries.filter(({ status }) => status >= 500);
  const byRequest = new Map();
  for (const { request } of errors) byRequest.set(request, (byRequest.get(request) ?? 0) + 1);
  const slow = entries.filter(({ time }) => time > 850).length;
  return { entries: entries.length, errors: errors.length, worst: [...byRequest].sort((a, b) => b[1] - a[1])[0], slow };
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'last-errors-'));
for (const { service, file } of writeLogs(folder, 20_000)) {
  const { entries, errors, worst, slow } = summary(lastLines(file, 8000));
  console.log(`${service.padEnd(9)} ${errors} of ${entries} failed, mostly ${worst?.[0]} (${worst?.[1]}), ${slow} slow`);
}
