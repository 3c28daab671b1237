import { execFile } from 'node:child_process';
import os from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What git printed; undefined where it failed or is not there. */
export async function git(cwd: string, args: readonly string[], signal?: AbortSignal): Promise<string | undefined> {
  try {
    return (await runGit(cwd, args, signal)).stdout;
  } catch {
    return undefined; // whoever asks says what that means
  }
}

/** The same; rejects with git's own words. */
export async function runGit(cwd: string, args: readonly string[], signal?: AbortSignal): Promise<{ readonly stdout: string }> {
  // Nothing runs that a repository's settings name, no hook of the user's is called, and no lock is taken that is not needed.
  const safe = ['-c', 'core.fsmonitor=false', '-c', `core.hooksPath=${os.devNull}`, '-c', 'advice.detachedHead=false', '-c', 'core.quotePath=false'];
  return await run('git', [...safe, ...args], {
    cwd,
    signal,
    maxBuffer: 1 << 28,
    windowsHide: true,
    env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
  });
}
