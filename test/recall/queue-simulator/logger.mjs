const LEVELS = { debug: 10, info: 20, warn: 30, error: 40 };

export function createLogger(name, level) {
  const threshold = LEVELS[level] ?? LEVELS.info;
  const write = (label, message) => {
    process.stdout.write(`${label.toUpperCase().padEnd(5)} [${name}] ${message}\n`);
  };
  const logger = {};
  for (const [label, rank] of Object.entries(LEVELS)) {
    logger[label] = (message) => {
      if (rank >= threshold) write(label, message);
    };
  }
  return logger;
}
