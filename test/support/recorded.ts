import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readOk } from './raw-profile';
import { type Finished, plateau } from './run';

/** One thread of a recording on disk. Times in milliseconds. */
export interface KeptThread {
  readonly name: string;
  readonly argv: readonly string[];
  readonly pid: number;
  readonly threadId: number;
  /** Self time by name of function. */
  readonly self: ReadonlyMap<string, number>;
  /** From its start to its end. */
  readonly duration: number;
  readonly active: number;
  readonly waiting: number;
}

interface Info {
  readonly threads?: readonly {
    file: string;
    name: string;
    argv: string[];
    pid: number;
    threadId: number;
    active: number;
    waiting: number;
    startTime: number;
    endTime: number;
  }[];
  readonly pid: number;
  readonly headline: { readonly active: number; readonly duration: number };
  readonly exit?: { readonly code: number | null; readonly signal: string | null };
}

export interface KeptRecording extends Finished {
  /** The one that is shown first at the front. */
  readonly threads: readonly KeptThread[];
  readonly exit: Info['exit'];
}

/** Records a command by the command line, and reads what it has kept. Throws with what it printed where nothing is. */
export async function recordCommand(
  cwd: string,
  command: readonly string[],
  options: { readonly args?: readonly string[]; readonly run?: Parameters<typeof plateau>[1] } = {},
): Promise<KeptRecording> {
  const finished = await plateau(['record', '--force', '--out', 'p.cpuprofile', ...(options.args ?? []), '--', ...command], { ...options.run, cwd });
  if (finished.code !== 0) throw new Error(`ended with ${finished.code}\n${finished.stdout}\n${finished.stderr}`);
  return { ...finished, ...keptIn(path.join(cwd, 'p.cpuprofile')) };
}

export function keptIn(file: string): Pick<KeptRecording, 'threads' | 'exit'> {
  const info = JSON.parse(readFileSync(file.replace('.cpuprofile', '.plateau.json'), 'utf8')) as Info;
  const rows = info.threads ?? [
    {
      file: path.basename(file),
      name: '',
      argv: [],
      pid: info.pid,
      threadId: 0,
      active: info.headline.active,
      waiting: 0,
      startTime: 0,
      endTime: info.headline.duration,
    },
  ];
  return {
    exit: info.exit,
    threads: rows.map((row) => ({
      ...row,
      duration: (row.endTime - row.startTime) / 1000,
      active: row.active / 1000,
      waiting: row.waiting / 1000,
      self: selfTimes(path.join(path.dirname(file), row.file)),
    })),
  };
}

function selfTimes(file: string): ReadonlyMap<string, number> {
  const { tables } = readOk(new Uint8Array(readFileSync(file)));
  const self = new Map<string, number>();
  for (let i = 0; i < tables.nodes.length; i++) {
    const name = tables.strings.at(tables.functions.name[tables.nodes.func[i] as number] as number);
    self.set(name, (self.get(name) ?? 0) + (tables.nodes.self[i] as number) / 1000);
  }
  return self;
}

/** Computes for so many milliseconds in a function of its own name. */
export const hotFor = (milliseconds: number, name = 'hot'): string =>
  `function ${name}(n) { let sum = 0; for (let i = 0; i < n; i++) sum += Math.sqrt(i) * Math.sin(i); return sum; }
for (const end = Date.now() + ${milliseconds}; Date.now() < end; ) ${name}(20000);
`;
