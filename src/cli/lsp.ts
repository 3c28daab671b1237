import { spawn } from 'node:child_process';
import path from 'node:path';
import { parseCommand } from './arguments';
import { Exit, UsageError } from './exit-codes';
import { runnable } from './runnable';

export const run = runnable('lsp', lsp);

/** Runs the language server on standard input and output, in a process of its own so that the command line stays small. */
async function lsp(args: string[]): Promise<Exit> {
  const { values } = parseCommand({ args, options: { stdio: { type: 'boolean' } } });
  if (!values.stdio) throw new UsageError('plateau lsp speaks over standard input and output: plateau lsp --stdio.');
  const server = spawn(process.execPath, [path.join(__dirname, 'server.cjs'), '--stdio'], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) process.on(signal, () => server.kill(signal));
  return new Promise((resolve) => server.once('exit', (code) => resolve(code === 0 ? Exit.Fine : Exit.Input)));
}
