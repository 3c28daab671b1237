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
    env: { ...withoutRepository(process.env), GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
  });
}

/**
 * Within a hook of git's, the environment names the user's repository and index, and every git that is started
 * there works on them, whatever folder it is started in. What tells how git connects or signs stays.
 */
export const withoutRepository = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !ofRepository.has(name.toUpperCase())));

/** As `git rev-parse --local-env-vars` lists them. */
const ofRepository = new Set([
  ...['GIT_ALTERNATE_OBJECT_DIRECTORIES', 'GIT_CONFIG', 'GIT_CONFIG_PARAMETERS', 'GIT_CONFIG_COUNT', 'GIT_OBJECT_DIRECTORY', 'GIT_DIR', 'GIT_WORK_TREE'],
  ...['GIT_IMPLICIT_WORK_TREE', 'GIT_GRAFT_FILE', 'GIT_INDEX_FILE', 'GIT_NO_REPLACE_OBJECTS', 'GIT_REPLACE_REF_BASE', 'GIT_PREFIX', 'GIT_SHALLOW_FILE'],
  ...['GIT_COMMON_DIR', 'GIT_INTERNAL_SUPER_PREFIX', 'GIT_NAMESPACE'],
]);
