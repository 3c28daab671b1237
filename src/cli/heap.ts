import { type Exit, UsageError } from './exit-codes';
import { runnable } from './runnable';

export const run = runnable('heap', heap);

type Command = (args: string[]) => Promise<Exit>;

/** Each is loaded when it is asked for. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  summary: async () => (await import('./heap/heap-summary')).heapSummary,
  diff: async () => (await import('./heap/heap-diff')).heapDiff,
  retainers: async () => (await import('./heap/heap-retainers')).heapRetainers,
  hunt: async () => (await import('./heap/heap-hunt')).heapHunt,
  leaks: async () => (await import('./heap/heap-leaks')).heapLeaks,
};

/** `plateau heap COMMAND …` */
async function heap([name, ...args]: string[]): Promise<Exit> {
  const known = Object.keys(commands).join(', ');
  if (name === undefined) throw new UsageError(`plateau heap needs a command: ${known}.`);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new UsageError(`plateau heap has no command "${name}". It has: ${known}.`);
  return (await command())(args);
}
