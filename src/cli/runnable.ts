import { printable, printableLines } from '../shared/format';
import { OutputError, watchPipes, withOutput } from './broken-pipe';
import { Exit, UsageError } from './exit-codes';

export type Runnable = (args: string[]) => Promise<void>;

/** A command as the process runs it: its outcome, or what it throws, becomes the exit code. `name` is empty for what is no command. */
export function runnable(name: string, command: (args: string[]) => Promise<Exit>): Runnable {
  return async (args) => {
    watchPipes();
    try {
      process.exitCode = withOutput(await command(args));
    } catch (error) {
      if (error instanceof OutputError) return; // told, with its exit code
      if (error instanceof UsageError) {
        process.stderr.write(`plateau: ${printable(error.message)} See plateau ${name === '' ? '--help' : `help ${name}`}.\n`);
        process.exitCode = Exit.Usage;
        return;
      }
      process.stderr.write(`plateau: this is a bug in Plateau, please report it.\n${printableLines(String(error instanceof Error ? error.stack : error))}\n`);
      process.exitCode = Exit.Input;
    }
  };
}
