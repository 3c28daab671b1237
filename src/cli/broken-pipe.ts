import { describeOutputFailure, writeFailure } from '../service/support/describe-write';
import { Exit } from './exit-codes';

/** What becomes of the command line when whoever reads its output goes away, or has no space left for it. */
let endRunning: (() => void) | undefined;
let hasFailed = false;

/** Standard output takes no more; it has been told, and the command is to end with `Exit.Input`. */
export class OutputError extends Error {}

/** Says how to end what a command runs, should nobody read its output any more; returns what takes that back. */
export function whileRunning(end: () => void): () => void {
  endRunning = end;
  return () => {
    if (endRunning === end) endRunning = undefined;
  };
}

/** The exit code of a command whose outcome is `outcome`, of which the output is a part. */
export const withOutput = (outcome: Exit): Exit => (hasFailed ? Exit.Input : outcome);

/** Tells once that standard output takes no more. */
export function outputFailed(error: unknown): OutputError {
  const text = describeOutputFailure(writeFailure(error));
  if (!hasFailed) process.stderr.write(`plateau: ${text}\n`);
  hasFailed = true;
  process.exitCode = Exit.Input;
  return new OutputError(text);
}

export function watchPipes(): void {
  // A reader that closes early (`| head`) is no error. What runs is ended first, and the command ends by itself.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') outputFailed(error);
    if (endRunning) endRunning();
    else if (error.code === 'EPIPE') process.exit(process.exitCode ?? Exit.Fine);
  });
  // Notes that nobody reads, or that have no space, are no reason to stop.
  process.stderr.on('error', () => {});
}
