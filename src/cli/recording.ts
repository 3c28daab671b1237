import fs from 'node:fs/promises';
import path from 'node:path';
import type { CaptureIssue } from '../capture/capture-issue';
import { whileRunning } from './broken-pipe';
import { Exit } from './exit-codes';
import { note } from './terminal';

/** How long a program that got Ctrl+C may take to end before the user is told how to go on. */
const PATIENCE_MS = 1000;

/**
 * Ctrl+C: stop and keep; once more: discard. A launched program gets the first
 * one itself, as without Plateau, and may have its own idea of it.
 */
export function onInterrupt(stop: AbortController, cancel: AbortController, attached: boolean): () => void {
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
  const onTerm = (): void => (stop.signal.aborted ? discard() : stop.abort());
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onTerm);
  process.on('SIGHUP', onTerm);
  const forget = whileRunning(discard);
  return () => {
    forget();
    clearTimeout(hint);
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onTerm);
    process.off('SIGHUP', onTerm);
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
    case 'profile-lost':
    case 'heap-lost':
    case 'cancelled':
      return Exit.Usage; // nothing was measured
    default:
      return Exit.Input;
  }
}

/** Where recordings are kept that have no place of their own. */
export const profilesFolder = (): string => path.resolve('.plateau', 'profiles');

/** Why nothing can be kept in a folder, which need not be there yet; told before a program runs. `option` names another place. */
export async function cannotKeepIn(folder: string, option: string): Promise<string | undefined> {
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
