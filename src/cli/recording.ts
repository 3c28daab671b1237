import fs from 'node:fs/promises';
import path from 'node:path';
import type { CaptureOptions, RecordControl } from '../capture/launch/record-launch';
import { interruptTree, signalProcess } from '../capture/processes/end-tree';
import { type GroupSignal, groupWitness } from '../capture/processes/group-witness';
import type { CaptureIssue } from '../capture/records/capture-issue';
import { type LaunchedProcess, launch } from '../capture/session/spawn';
import type { RecordRequest } from '../service/recording/record';
import { targetFiles } from '../service/recording/target-files';
import type { Misplaced } from '../service/recordings/keep-anywhere';
import { describeLinkOut, linkOut } from '../service/recordings/keep-folder';
import { describeMisplaced } from '../service/support/describe-write';
import type { Recipe } from '../shared/recipe';
import { ok } from '../shared/result';
import { wholeNumber } from './arguments';
import { whileRunning } from './broken-pipe';
import { Exit, UsageError } from './exit-codes';
import { recipeOf } from './recipe';
import { clearProgress, note, progress, write } from './terminal';

/** What every command takes that records. */
export const recordingOptions = {
  interval: { type: 'string' },
  out: { type: 'string' },
  seconds: { type: 'string' },
  attach: { type: 'string' },
  pid: { type: 'string' },
  node: { type: 'string' },
  checkpoint: { type: 'string' },
  daemons: { type: 'string' },
  json: { type: 'boolean' },
} as const;

type RecordingValues = { readonly [name in Exclude<keyof typeof recordingOptions, 'json'>]?: string | undefined };

/** What is to be recorded, by which Node.js and for how long. */
export function askedFor(
  command: string,
  target: readonly string[],
  { attach, pid, seconds: text, node: nodePath = 'node' }: RecordingValues,
): { readonly recipe: Recipe; readonly nodePath: string; readonly seconds: number | undefined } {
  const seconds = wholeNumber('seconds', text, 1, 86_400);
  return { recipe: recipeOf(target, { attach, pid: wholeNumber('pid', pid, 1), seconds }, command), nodePath, seconds };
}

/** Microseconds between CPU samples. */
export const intervalOf = ({ interval }: RecordingValues): number => wholeNumber('interval', interval, 50, 1_000_000) ?? 1000;

/** When parts of a profile are written, and what becomes of daemons. */
export function safetyOf({ checkpoint, daemons = 'leave' }: RecordingValues): Pick<CaptureOptions, 'checkpoint' | 'daemons'> {
  if (daemons !== 'leave' && daemons !== 'end') throw new UsageError(`--daemons takes leave or end, not "${daemons}".`);
  return { checkpoint: wholeNumber('checkpoint', checkpoint, 1, 86_400), daemons };
}

/**
 * How a program is started from a terminal: in it. Where standard output is to be JSON alone, the program's goes to
 * standard error. `onLaunch` hears of what was started.
 */
export const launching = (
  { json = false }: { readonly json?: boolean | undefined } = {},
  onLaunch?: (program: LaunchedProcess) => void,
): Pick<RecordRequest, 'files' | 'openLauncher' | 'isAlone'> => ({
  isAlone: true,
  files: targetFiles(__dirname),
  openLauncher: async () =>
    ok({
      environment: process.env,
      async launch(spec) {
        const launched = await launch(json ? { ...spec, stdout: 'stderr' } : spec);
        if (launched.ok) onLaunch?.(launched.value);
        return launched;
      },
    }),
});

/** Records under Ctrl+C, and with a clock where nothing else tells that it runs; the words are those of the clock. */
export async function underControl<T>(
  recipe: Recipe,
  [doing, end]: readonly [doing: string, end: string],
  run: (control: RecordControl, onLaunch: (program: LaunchedProcess) => void) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const cancel = new AbortController();
  const started = Date.now();
  const isAttached = recipe.kind === 'attach' || recipe.kind === 'process';
  const { release, onLaunch } = onInterrupt(stop, cancel, isAttached);
  const clock = setInterval(() => isAttached && progress(`${doing} ${Math.floor((Date.now() - started) / 1000)} s – Ctrl+C to stop and ${end}`), 250);
  try {
    return await run({ stop: stop.signal, cancel: cancel.signal }, onLaunch);
  } finally {
    clearInterval(clock);
    clearProgress();
    release();
  }
}

/** What is heard of Ctrl+C while something is recorded. */
interface Interrupts {
  /** Says which program is recorded. */
  onLaunch(program: LaunchedProcess): void;
  release(): void;
}

/** Signals that end a program which does not listen, and those that have no meaning of their own. */
const ENDING = ['SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
const USER = ['SIGUSR1', 'SIGUSR2'] as const;
/** How long a program that got Ctrl+C may take to end before the user is told how to go on. */
const PATIENCE_MS = 1000;
/** How long one that got a signal to end may take to end by itself: whoever sends it insists after ten seconds, mostly. */
const ENDING_MS = 5000;

/**
 * Ctrl+C: stop and keep; once more: discard. A launched program gets the first
 * one itself, as without Plateau, and may have its own idea of it; one that came to
 * this process alone is passed on to it. So are SIGTERM, SIGHUP and SIGQUIT, which end the
 * recording if they do not end the program, and SIGUSR1 and SIGUSR2, which mean to it what it likes.
 */
export function onInterrupt(stop: AbortController, cancel: AbortController, attached: boolean): Interrupts {
  const witness = attached ? undefined : groupWitness();
  let program: LaunchedProcess | undefined;
  const passOn = async (name: GroupSignal): Promise<void> => {
    if (!program?.identity || !witness || (await witness.wasSignalled(name))) return;
    // A terminal sends it to all that it shows; who ends a process sends it to that one.
    if (name === 'SIGINT') await interruptTree(program.identity);
    else signalProcess(program.identity, name);
  };
  let count = attached ? 1 : 0;
  let last = 0;
  let hint: NodeJS.Timeout | undefined;
  const onSignal = (): void => {
    // A wrapper may pass on what the terminal has sent already: one key press, two signals.
    if (Date.now() - last < 300) return;
    last = Date.now();
    clearTimeout(hint);
    switch (++count) {
      case 1:
        void passOn('SIGINT');
        hint = setTimeout(() => note('plateau: the program goes on after Ctrl+C. Once more ends it and keeps the profile.'), PATIENCE_MS);
        return;
      case 2:
        return stop.abort();
      default:
        return discard();
    }
  };
  /** Cancelling takes moments; whoever asks for it must get the prompt back, whatever hangs. */
  const discard = (): void => {
    cancel.abort();
    setTimeout(() => process.exit(Exit.Usage), 5_000).unref();
  };
  let ending: NodeJS.Timeout | undefined;
  const onTerm = (name: GroupSignal): void => {
    if (stop.signal.aborted) return discard();
    if (ending || !program?.identity || !witness) return stop.abort();
    void passOn(name);
    ending = setTimeout(() => stop.abort(), ENDING_MS);
  };
  const onUser = (name: GroupSignal): void => (attached ? stop.abort() : void passOn(name));
  process.on('SIGINT', onSignal);
  for (const name of ENDING) process.on(name, onTerm);
  for (const name of USER) process.on(name, onUser);
  const forget = whileRunning(discard);
  return {
    onLaunch(launched) {
      program = launched;
    },
    release() {
      forget();
      clearTimeout(hint);
      clearTimeout(ending);
      witness?.close();
      process.off('SIGINT', onSignal);
      for (const name of ENDING) process.off(name, onTerm);
      for (const name of USER) process.off(name, onUser);
    },
  };
}

/** The exit code for a recording that was not made. */
export function exitCodeOf(issue: CaptureIssue): Exit {
  switch (issue.kind) {
    case 'bad-address':
    case 'not-loopback':
      return Exit.Usage;
    case 'no-node-process':
    case 'no-script':
    case 'other-runtime':
    case 'profile-lost':
    case 'heap-lost':
    case 'cancelled':
      return Exit.Usage; // nothing was measured
    default:
      return Exit.Input;
  }
}

/** The exit code of a recording that was made; says where it is if that is not its place. */
export function misplacedExit(misplaced: Misplaced | undefined, file: string): Exit {
  if (!misplaced) return Exit.Fine;
  note(`plateau: ${describeMisplaced(misplaced, file)}`);
  return Exit.Input;
}

/** Says where a recording is. What was launched writes to the same standard output: the path is no part of that. */
export async function tellPath(file: string, { kind }: Recipe): Promise<void> {
  if (kind === 'attach' || kind === 'process') await write(`${file}\n`);
  else note(file);
}

/** Where recordings are kept that have no place of their own. */
export const profilesFolder = (): string => path.resolve('.plateau', 'profiles');

/** Why nothing can be kept in a folder, which need not be there yet; told before a program runs. `option` names another place. */
export async function cannotKeepIn(folder: string, option: string): Promise<string | undefined> {
  const link = await linkOut(folder);
  if (link !== undefined) return `${describeLinkOut(link)} with ${option}.`;
  for (let at = folder; ; at = path.dirname(at)) {
    try {
      if (!(await fs.stat(at)).isDirectory()) return `${folder} cannot be made, for ${at} is not a folder; give another place with ${option}.`;
      await fs.access(at, fs.constants.W_OK | fs.constants.X_OK);
      return undefined;
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
      if (!isMissing || path.dirname(at) === at) return `${at} cannot be written to (${code || message}); give another place with ${option}.`;
    }
  }
}
