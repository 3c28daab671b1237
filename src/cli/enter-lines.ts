import readline from 'node:readline';

/** Lines of standard input, of which each stands for one "go on". */
export interface EnterLines {
  /** Settles with the next line; one that came before it was asked for counts. False where the input has ended. */
  next(): Promise<boolean>;
  /** Leaves standard input to whoever else reads it. */
  release(): void;
  readonly isReleased: boolean;
  /** Lets go of standard input: an open pipe would keep the process. */
  close(): void;
}

/** Reads nothing before the first line is asked for. */
export function enterLines(): EnterLines {
  let lines: readline.Interface | undefined;
  let waiting: ((hasCome: boolean) => void) | undefined;
  let queued = 0;
  let isOver = false;
  let isReleased = false;
  const open = (): readline.Interface => {
    const opened = readline.createInterface({ input: process.stdin });
    opened.on('line', () => {
      if (!waiting) queued++;
      waiting?.(true);
      waiting = undefined;
    });
    opened.once('close', () => {
      isOver = true;
      waiting?.(false);
      waiting = undefined;
    });
    return opened;
  };
  return {
    next() {
      lines ??= open();
      if (queued > 0) {
        queued--;
        return Promise.resolve(true);
      }
      if (isOver) return Promise.resolve(false);
      return new Promise((resolve) => {
        waiting = resolve;
      });
    },
    release() {
      isReleased = true;
      lines?.close();
      process.stdin.pause();
    },
    get isReleased() {
      return isReleased;
    },
    close() {
      if (!lines) return;
      lines.close();
      process.stdin.destroy();
    },
  };
}
