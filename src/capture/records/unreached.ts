import path from 'node:path';
import { carriesSession } from '../processes/carries-session';
import { readProcess } from '../processes/identity';
import { namespacePids } from '../processes/linux';
import { isNodeCommand } from '../processes/node-command';
import { keyOf, type ProcessRow } from '../processes/process-row';
import type { MissedProcess } from './captured';
import { isPackageManager } from './package-manager';

/**
 * Remembers the Node.js processes that were seen below a launched one, with the numbers
 * that they have within a pid namespace: those that have not announced themselves were
 * not reached, since somebody took the hook out of their environment.
 */
export interface NodeWatch {
  /** Hears of what is seen. */
  look(rows: readonly ProcessRow[]): Promise<void>;
  unreached(known: readonly { readonly pid: number | undefined }[]): MissedProcess[];
}

interface SeenNode {
  readonly numbers: readonly number[];
  readonly argv: readonly string[];
  /** Its environment names the session: the hook was there, and could not be loaded. */
  readonly hasHook: boolean;
}

/** `session` is the folder of the hook. */
export function watchNodes(session: string): NodeWatch {
  const looked = new Set<string>();
  const nodes: SeenNode[] = [];
  return {
    async look(rows) {
      for (const row of rows) {
        if (row.isZombie || looked.has(keyOf(row))) continue;
        const { command = '' } = (await readProcess(row.pid)) ?? {};
        if (!isNodeCommand(command) && !isDenoCommand(command)) continue; // it may become one
        looked.add(keyOf(row));
        nodes.push({ numbers: [row.pid, ...namespacePids(row.pid)], argv: wordsOf(command), hasHook: carriesSession(row.pid, session) });
      }
    },
    unreached(announced) {
      const known = new Set(announced.map(({ pid }) => pid));
      return nodes
        .filter(({ numbers, argv }) => runsScript(argv) && !numbers.some((pid) => known.has(pid)))
        .map(({ numbers, argv, hasHook }): MissedProcess => {
          const reason = argv[0] === 'deno' ? 'no-way' : hasHook ? 'unloaded' : 'not-reached';
          return { pid: numbers[0], argv, reason };
        });
    },
  };
}

/** `/usr/bin/node app.js` as `node app.js`; a listing does not say where a word with blanks ends. */
function wordsOf(command: string): string[] {
  const [program = 'node', ...rest] = command.split(' ');
  return [path.basename(program.replaceAll('"', '')).replace(/^deno\.exe$/i, 'deno'), ...rest];
}

/** `/usr/bin/deno run a.ts`. */
export const isDenoCommand = (command: string): boolean => /^(?:"[^"]*[\\/]|[^"\s]*[\\/])?deno(?:\.exe)?(?:"|\s|$)/i.test(command);

/** Commands of Deno's that run the program's code; a file may stand in their place. */
const runsDeno = (word: string | undefined): boolean => word !== undefined && (/^(?:run|serve|eval|test|bench)$/.test(word) || /[./]/.test(word));

/** Options with which Node.js ends before a hook is loaded. */
const withoutScript = new Set(['-v', '--version', '-h', '--help', '--v8-options', '--completion-bash']);

/** Node.js itself starts the program's processes then, without loading anything into this one. */
const startsOthers = (option: string): boolean => /^--(?:watch|watch-path|run|test)(?:=|$)/.test(option);

/** Package managers are not recorded, and need not be. */
const runsScript = ([program, ...args]: readonly string[]): boolean => {
  const script = args.findIndex((word) => !word.startsWith('-'));
  if (program === 'deno') return runsDeno(args[script]);
  const options = script < 0 ? args : args.slice(0, script);
  return !options.some((word) => withoutScript.has(word) || startsOthers(word)) && !isPackageManager(args[script]);
};
