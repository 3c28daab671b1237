#!/usr/bin/env node
import { version } from '../service/support/version';
/** The command line's entry point: picks the command, which is a bundle of its own. */
import { Exit, UsageError } from './exit-codes';
import { type Runnable, runnable } from './runnable';
import { keepWorkingFolder } from './working-folder';

/** Each is loaded when it is asked for: recording needs much that reading a profile does not. */
const commands: Readonly<Record<string, () => Promise<{ readonly run: Runnable }>>> = {
  record: () => import('./record'),
  analyze: () => import('./analyze'),
  compare: () => import('./compare'),
  measure: () => import('./measure'),
  doctor: () => import('./doctor'),
  export: () => import('./export'),
  rules: () => import('./rules'),
  heap: () => import('./heap'),
  lsp: () => import('./lsp'),
};

const main = runnable('', async ([first, ...rest]) => {
  if (first === '--version' || first === '-v') {
    process.stdout.write(`plateau ${version}\n`);
    return Exit.Fine;
  }
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    const { help } = await import('./help');
    const text = help(rest[0]);
    if (text === undefined) throw new UsageError(`There is no command "${rest[0]}".`);
    (first === undefined ? process.stderr : process.stdout).write(text);
    return first === undefined ? Exit.Usage : Exit.Fine;
  }
  throw new UsageError(`There is no command "${first}".`);
});

keepWorkingFolder(process.argv.includes('--'));
const [name = '', ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
const untilDashes = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
if (command && !untilDashes.includes('--help') && !untilDashes.includes('-h')) void command().then(({ run }) => run(args));
else void main(command ? ['help', name] : process.argv.slice(2));
