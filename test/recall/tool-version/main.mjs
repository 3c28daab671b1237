// A small build tool: `tool build`, `tool format FILE`, `tool version`.
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { calculate } from './calculate.mjs';
import { format } from './format.mjs';

const HELP = `usage: tool COMMAND

  build            bundle the project
  format FILE      format a file
  calc EXPRESSION  calculate
  version          print the version`;

const commands = {
  build: (args) => build(args[0] ?? '.'),
  format: (args) => format(args[0]),
  calc: (args) => calculate(args.join(' ')),
  version: () => '1.4.2',
};

const { positionals } = parseArgs({ allowPositionals: true });
const [name = 'version', ...args] = positionals;
const command = commands[name];
console.log(command ? await command(args) : HELP);
