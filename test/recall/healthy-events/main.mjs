// Reads a log of JSON lines, each once, and adds up sessions.
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';

function writeLog(file, count) {
  const lines = [];
  for (let i = 0; i < count; i++) {
    lines.push(JSON.stringify({ at: 1.75e12 + i * 400, session: `s${(i * 7919) % 9000}`, page: `/p/${i % 300}`, ms: i % 700, agent: { name: 'browser', version: i % 40 }, tags: ['a', `t${i % 9}`] }));
  }
  writeFileSync(file, lines.join('\n'));
}

class Sessions {
  #sessions = new Map();

  add(event) {
    let session = this.#sessions.get(event.session);
    if (session === undefined) {
      session = { first: event.at, last: event.at, pages: new Set(), ms: 0 };
      this.#sessions.set(event.session, session);
    }
    session.last = Math.max(session.last, event.at);
    session.pages.add(event.page);
    session.ms += event.ms;
  }

  longest(count) {
    return [...this.#sessions].map(([id, { first, last, pages }]) => ({ id, minutes: (last - first) / 60000, pages: pages.size })).sort((a, b) => b.minutes - a.minutes).slice(0, count);
  }
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'events-'));
const file = path.join(folder, 'events.ndjson');
writeLog(file, 450_000);
const sessions = new Sessions();
let lines = 0;
for await (const line of readline.createInterface({ input: createReadStream(file) })) {
  sessions.add(JSON.parse(line));
  lines++;
}
console.log(lines, sessions.longest(3));
rmSync(folder, { recursive: true });
