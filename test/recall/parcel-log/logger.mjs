import { createWriteStream } from 'node:fs';

const LEVELS = { debug: 10, info: 20, warn: 30, error: 40 };

function caller() {
  const line = new Error().stack.split('\n')[3] ?? '';
  const match = /\(?([^()\s]+):(\d+):\d+\)?$/.exec(line);
  return match ? `${match[1].split('/').at(-1)}:${match[2]}` : '?';
}

export class Logger {
  lines = 0;

  constructor(file, level = 'info') {
    this.level = LEVELS[level];
    this.stream = createWriteStream(file);
    this.pending = [];
  }

  info(message, fields) {
    this.write('info', message, fields);
  }

  warn(message, fields) {
    this.write('warn', message, fields);
  }

  write(level, message, fields = {}) {
    if (LEVELS[level] < this.level) return;
    this.lines += 1;
    this.pending.push(JSON.stringify({ level, at: caller(), message, ...fields }));
    if (this.pending.length === 500) this.flush();
  }

  flush() {
    this.stream.write(`${this.pending.join('\n')}\n`);
    this.pending = [];
  }

  close() {
    this.flush();
    return new Promise((resolve) => this.stream.end(resolve));
  }
}
