import { spawn } from 'node:child_process';
import { endTree } from '../../capture/processes/end-tree';
import { identify } from '../../capture/processes/identity';
import type { Exercise } from '../../shared/hunt';
import { err, ok } from '../../shared/result';
import { followReach } from './exercise-reach';
import { type Context, type Exerciser, mostMisses, PATIENCE_MS } from './exerciser';

/** What a shell says of a command that it cannot run. */
const NOT_RUNNABLE = new Set([126, 127, 9009]);

interface Problem {
  readonly message: string;
  readonly isFinal: boolean;
}

/** Runs a command each time. The first is repeated while it fails: a server may take a while to listen. */
export function byCommand({ command, cwd }: Extract<Exercise, { kind: 'command' }>, { cancel, targets, isWanted }: Context): Exerciser {
  const reach = followReach(targets);
  let hasSucceeded = false;
  let hits = 0;
  let missed = 0;
  let isPartial = false;
  const once = (isQuiet: boolean): Promise<Problem | undefined> =>
    new Promise((resolve) => {
      const child = spawn(command, { cwd, shell: true, stdio: ['ignore', 'ignore', isQuiet ? 'ignore' : 'inherit'], windowsHide: true });
      const launched = identify(child.pid ?? 0);
      const end = (): void => void launched.then((identity) => endTree(identity, undefined));
      cancel.addEventListener('abort', end, { once: true });
      child.once('error', (error) => resolve({ message: error.message, isFinal: true }));
      child.once('exit', (code, signal) => {
        cancel.removeEventListener('abort', end);
        if (code === 0) return resolve(undefined);
        resolve({ message: signal ? `it was ended by ${signal}` : `it ended with exit code ${code}`, isFinal: signal !== null || NOT_RUNNABLE.has(code ?? 0) });
      });
    });
  /** Undefined where it has succeeded. */
  const first = async (): Promise<string | undefined> => {
    const started = performance.now();
    for (;;) {
      const isLate = performance.now() - started > PATIENCE_MS;
      const problem = await reach.probe(() => once(!isLate));
      if (!problem || cancel.aborted) return undefined;
      if (problem.isFinal || targets.size === 0) return problem.message;
      if (isLate) return `${problem.message}, again and again for ${PATIENCE_MS / 1000} s`;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  };
  return {
    async run(times, onDone) {
      let misses = 0;
      for (let done = 0; done < times && !cancel.aborted; ) {
        if (!hasSucceeded) {
          const message = await first();
          if (message !== undefined) return err({ kind: 'exercise-failed', way: 'command', what: command, message, done });
          hasSucceeded = true;
          onDone(++done);
          continue;
        }
        const { value: problem, hasReached } = await reach.during(() => once(false));
        if (problem) return err({ kind: 'exercise-failed', way: 'command', what: command, message: problem.message, done });
        if (hasReached === false) {
          missed++;
          isPartial = ++misses > mostMisses(targets.size);
          if (isPartial) return ok(undefined);
          continue;
        }
        misses = 0;
        if (hasReached) hits++;
        onDone(++done);
      }
      return ok(undefined);
    },
    choose: () => reach.choose(isWanted),
    reached: () => ({ evidence: reach.evidence, hits, missed, isPartial }),
    dispose() {},
  };
}
