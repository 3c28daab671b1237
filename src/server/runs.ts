import path from 'node:path';
import { launchInTerminal } from '../capture/launch/runner-launcher';
import { nodeVersion } from '../service/recording/launch';
import type { RecordRequest } from '../service/recording/record';
import { targetFiles } from '../service/recording/target-files';
import type { Recipe } from '../shared/recipe';
import { err } from '../shared/result';
import type { PlateauConnection } from './connection';

/** A recording or a hunt that is going on. */
export interface Run {
  readonly stop: AbortController;
  readonly cancel: AbortController;
  /** What is done when the user says that a round by hand is over. */
  next: () => void;
}

/** What goes on for the editor, by the tokens that it gave. */
export interface Runs {
  start<T>(token: string, work: (run: Run) => Promise<T>): Promise<T>;
  /** `keep`: what is recorded so far is kept. */
  stop(token: string, keep: boolean): void;
  next(token: string): void;
  /** Ends everything that was started; resolves when it is gone. */
  dispose(): Promise<void>;
}

export function currentRuns(): Runs {
  const runs = new Map<string, { readonly run: Run; readonly done: Promise<unknown> }>();
  return {
    start(token, work) {
      const run: Run = { stop: new AbortController(), cancel: new AbortController(), next: () => {} };
      const done = work(run).finally(() => runs.delete(token));
      runs.set(token, { run, done: done.catch(() => {}) });
      return done;
    },
    stop(token, keep) {
      const run = runs.get(token)?.run;
      (keep ? run?.stop : run?.cancel)?.abort();
    },
    next: (token) => runs.get(token)?.run.next(),
    async dispose() {
      const all = [...runs.values()];
      for (const { run } of all) run.cancel.abort();
      await Promise.all(all.map(({ done }) => done));
    },
  };
}

/** How a recipe is launched in a terminal of the editor. */
export function launchInEditor(
  connection: PlateauConnection,
  bundleFolder: string,
  { recipe, nodePath, cancel }: { readonly recipe: Recipe; readonly nodePath: string; readonly cancel: AbortSignal },
): Pick<RecordRequest, 'recipe' | 'nodePath' | 'files' | 'openLauncher'> {
  return {
    recipe,
    nodePath,
    files: targetFiles(bundleFolder),
    openLauncher: async (title) => {
      // The runner is a Node.js program itself, whatever it then starts.
      const version = await nodeVersion(nodePath);
      if (!version.ok) return version;
      const open = async (args: string[]): Promise<void> => {
        const failure = await connection.request('plateau/runInTerminal', { title, command: nodePath, args, cwd: 'cwd' in recipe ? recipe.cwd : undefined });
        if (failure) throw new Error(failure.failed);
      };
      return cancel.aborted ? err({ kind: 'cancelled' }) : launchInTerminal(path.join(bundleFolder, 'runner.cjs'), open, cancel);
    },
  };
}
