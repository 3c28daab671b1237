const LEVELS = { debug: 0, info: 1, warn: 2, error: 3 };

export class Logger {
  #level;

  constructor(level) {
    this.#level = LEVELS[level] ?? LEVELS.info;
  }

  #write(level, text) {
    if (LEVELS[level] < this.#level) return;
    process.stderr.write(`${new Date().toISOString()} ${level} ${text}\n`);
  }

  debug(...parts) {
    this.#write('debug', parts.join(' '));
  }

  info(...parts) {
    this.#write('info', parts.join(' '));
  }

  warn(...parts) {
    this.#write('warn', parts.join(' '));
  }
}
