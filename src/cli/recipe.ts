import path from 'node:path';
import { nodeScript } from '../service/recording/launch';
import type { Recipe } from '../shared/recipe';
import { UsageError } from './exit-codes';

const ownValued = [
  '--type',
  '--interval',
  '--out',
  '--seconds',
  '--attach',
  '--pid',
  '--thread',
  '--process',
  '--node',
  '--fail-on',
  '--checkpoint',
  '--daemons',
];

/** Options before `--`, or before the first word that is no option; the rest is the command, untouched. */
export function splitArguments(args: readonly string[], withValue: readonly string[] = ownValued): { own: string[]; target: string[] } {
  const valued = new Set(withValue);
  let at = 0;
  while (at < args.length) {
    const word = args[at] as string;
    if (word === '--') return { own: args.slice(0, at), target: args.slice(at + 1) };
    if (!word.startsWith('-')) break;
    at += valued.has(word) ? 2 : 1;
  }
  return { own: args.slice(0, at), target: args.slice(at) };
}

export function recipeOf(
  target: readonly string[],
  other: { attach: string | undefined; pid: number | undefined; seconds: number | undefined },
  command: string,
): Recipe {
  const { attach, pid, seconds } = other;
  const ways = [attach !== undefined, pid !== undefined, target.length > 0].filter(Boolean).length;
  if (ways !== 1)
    throw new UsageError(
      ways === 0 ? `plateau ${command} needs a command after --, --attach or --pid.` : `plateau ${command} takes one of a command, --attach and --pid.`,
    );
  if (attach !== undefined) return { kind: 'attach', address: attach, seconds };
  if (pid !== undefined) return { kind: 'process', pid, command: '', seconds };
  const [program = '', ...args] = target;
  const cwd = process.cwd();
  const typed = target.join(' ');
  if (/\.(?:[cm]?[jt]s|[jt]sx)$/i.test(program)) return { kind: 'file', file: path.resolve(program), args, env: {}, cwd, typed };
  const script = nodeScript(program, args);
  if (script !== undefined && /\.(?:tsx?|mts|cts|jsx)$/i.test(script))
    return { kind: 'file', file: path.resolve(script), args: args.slice(1), env: {}, cwd, typed };
  return { kind: 'program', command: program, args, cwd };
}
