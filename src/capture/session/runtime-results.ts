import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Protocol } from 'devtools-protocol';
import { readRegularText } from '../../files/read-regular';
import { readRegularTextSync } from '../../files/read-regular-sync';
import { runtimeFolder } from '../environment/runtime-in-front';
import { bunOptions } from '../environment/runtime-options';
import type { CapturedThread, MissedProcess } from '../records/captured';
import { isProfile } from '../records/fitting-profile';
import { parseWeighed } from '../records/weighed-json';

type Profile = Protocol.Profiler.Profile;

/** What the script in front of a runtime has noted of a process. */
interface Note {
  readonly kind: 'recorded' | 'no-option' | 'too-old';
  readonly ppid: number;
  readonly cwd: string;
  /** Of a recorded one its version; otherwise what cannot be recorded. */
  readonly detail: string;
  readonly argv: readonly string[];
}

/** Profiles that Deno and Bun have written in a recording, and their processes of which there is none. */
export function readRuntimes(session: string): { readonly threads: readonly CapturedThread[]; readonly missed: readonly MissedProcess[] } {
  const threads: CapturedThread[] = [];
  const missed: MissedProcess[] = [];
  for (const runtime of ['deno', 'bun'] as const) {
    const folder = runtimeFolder(session, runtime);
    const names = namesIn(folder);
    const found = new Set<number>();
    const workers = new Map<number, number>();
    for (const name of names) {
      const file = profileFile(name);
      if (!file) continue;
      const note = readNote(path.join(folder, `${file.pid}.argv`));
      const threadId = file.isWorker ? (workers.get(file.pid) ?? 0) + 1 : 0;
      if (threadId > 0) workers.set(file.pid, threadId);
      found.add(file.pid);
      threads.push(threadOf(path.join(folder, name), runtime, file.pid, threadId, note));
    }
    for (const name of names) {
      const pid = /^(\d+)\.argv$/.exec(name)?.[1];
      const note = pid === undefined ? undefined : readNote(path.join(folder, name));
      if (!note || found.has(Number(pid))) continue;
      if (note.kind !== 'recorded') missed.push({ pid: Number(pid), argv: note.argv, reason: note.kind, detail: note.detail });
      else if (runtime === 'bun' && bunOptions(folder, 1) === undefined)
        missed.push({ pid: Number(pid), argv: note.argv, reason: 'blank-in-path', detail: os.tmpdir() });
      else if (runtime === 'deno' || runsBunScript(note.argv)) missed.push({ pid: Number(pid), argv: note.argv, reason: 'own-end' });
    }
  }
  return { threads, missed };
}

/** `CPU.TIME.PID.cpuprofile` and `CPU.TIME.PID.worker-N.cpuprofile` of Deno, `CPU.DAY.TIME.PID.0.NUMBER.cpuprofile` of Bun. */
export function profileFile(name: string): { readonly pid: number; readonly isWorker: boolean } | undefined {
  const match = /^CPU\.(?:\d{13,}\.(\d+)(\.worker-\d+)?|\d{8}\.\d{6}\.(\d+)\.\d+\.\d+)\.cpuprofile$/.exec(name);
  return match ? { pid: Number(match[1] ?? match[3]), isWorker: match[2] !== undefined } : undefined;
}

/** `bun install`, `bun run` of a script and their like run no code of the program's; `bun test` writes no profile. */
const runsBunScript = ([, ...args]: readonly string[]): boolean => {
  const words = args.filter((word) => !word.startsWith('-'));
  const [first, second] = words;
  return first === 'test' || /[./]/.test((first === 'run' ? second : first) ?? '');
};

function threadOf(file: string, runtime: 'deno' | 'bun', pid: number, threadId: number, note: Note | undefined): CapturedThread {
  return {
    ...{ pid, ppid: note?.ppid ?? 0, threadId },
    version: runtime === 'deno' ? denoVersion(note?.detail) : runtime,
    argv: [runtime, ...withoutSubcommand(note?.argv ?? [])],
    name: undefined,
    parts: [{ bytes: fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0, read: () => readProfile(file) }],
    scripts: async () => [],
    isWhole: true,
    runtime,
  };
}

/** `deno 2.9.6 (stable, …)` as `deno 2.9.6`. */
const denoVersion = (line: string | undefined): string => /^deno \S+/.exec(line ?? '')?.[0] ?? 'deno';

/** The script and its arguments, as they stand in `process.argv` after the program. */
function withoutSubcommand([, ...args]: readonly string[]): readonly string[] {
  const first = args.findIndex((word) => !word.startsWith('-'));
  const rest = first < 0 ? [] : args.slice(['run', 'serve', 'eval'].includes(args[first] as string) ? first + 1 : first);
  const script = rest.findIndex((word) => !word.startsWith('-'));
  return script < 0 ? [] : rest.slice(script);
}

/** V8 makes no longer string. The program knows the folder, and may put anything there. */
const MAX_PROFILE = 0x1fff_ffe8;
/** For half a gigabyte from a slow disk. */
const PROFILE_MS = 120_000;
/** The arguments of a process have at most some MB. */
const MAX_NOTE = 16 << 20;

/** Undefined where it is damaged, or was cut off. */
async function readProfile(file: string): Promise<Profile | undefined> {
  const read = await readRegularText(file, { most: MAX_PROFILE, within: [path.dirname(file)], milliseconds: PROFILE_MS });
  if (!read.ok) return undefined;
  try {
    const profile = parseWeighed(read.value);
    return isProfile(profile) ? profile : undefined;
  } catch {
    return undefined;
  }
}

function readNote(file: string): Note | undefined {
  const read = readRegularTextSync(file, { most: MAX_NOTE, within: [path.dirname(file)] });
  if (!read.ok) return undefined; // it was not started by its name
  const [kind, ppid, cwd, detail, ...argv] = read.value.split('\0').slice(0, -1);
  if (kind !== 'recorded' && kind !== 'no-option' && kind !== 'too-old') return undefined;
  return { kind, ppid: Number(ppid) || 0, cwd: cwd ?? '', detail: detail ?? '', argv };
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder).sort();
  } catch {
    return []; // a recording of the heap
  }
}
