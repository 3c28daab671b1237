/** What becomes of the command line when whoever reads its output goes away. */
let endRunning: (() => void) | undefined;

/** Says how to end what a command runs, should nobody read its output any more; returns what takes that back. */
export function whileRunning(end: () => void): () => void {
  endRunning = end;
  return () => {
    if (endRunning === end) endRunning = undefined;
  };
}

export function watchPipes(): void {
  // A reader that closes early (`| head`) is no error. What runs is ended first, and the command ends by itself.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (endRunning) endRunning();
    else process.exit(process.exitCode ?? 0);
  });
  // Notes that nobody reads are no reason to stop.
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
