#!/usr/bin/env node
import { version } from '../service/version';
/** The command line's entry point: picks the command, turns its outcome into an exit code. */
import { watchPipes } from './broken-pipe';
import { Exit, UsageError } from './exit-codes';
import { help } from './help';

type Command = (args: string[]) => Promise<Exit>;

/** Each is loaded when it is asked for: recording needs much that reading a profile does not. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  record: async () => (await import('./record')).recordCommand,
  analyze: async () => (await import('./analyze')).analyze,
  doctor: async () => (await import('./doctor')).doctorCommand,
  export: async () => (await import('./export')).exportCommand,
  rules: async () => (await import('./rules')).rulesCommand,
  heap: async () => (await import('./heap')).heap,
  lsp: async () => (await import('./lsp')).lsp,
};

async function main(args: string[]): Promise<Exit> {
  const [first, ...rest] = args;
  if (first === '--version' || first === '-v') {
    process.stdout.write(`plateau ${version}\n`);
    return Exit.Fine;
  }
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    const text = help(rest[0]);
    if (text === undefined) throw new UsageError(`There is no command "${rest[0]}".`);
    (first === undefined ? process.stderr : process.stdout).write(text);
    return first === undefined ? Exit.Usage : Exit.Fine;
  }
  const command = Object.hasOwn(commands, first) ? commands[first] : undefined;
  if (!command) throw new UsageError(`There is no command "${first}".`);
  const untilDashes = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  if (untilDashes.includes('--help') || untilDashes.includes('-h')) {
    process.stdout.write(help(first) as string);
    return Exit.Fine;
  }
  return (await command())(rest);
}

watchPipes();

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (error instanceof UsageError) {
      const [command = ''] = process.argv.slice(2);
      process.stderr.write(`plateau: ${error.message} See plateau ${Object.hasOwn(commands, command) ? `help ${command}` : '--help'}.\n`);
      process.exitCode = Exit.Usage;
      return;
    }
    process.stderr.write(`plateau: this is a bug in Plateau, please report it.\n${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = Exit.Input;
  },
);
