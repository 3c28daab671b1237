import type { HeapTarget } from '../../capture/attach/heap-targets';
import { aborted } from '../../capture/launch/record-launch';
import type { CaptureIssue } from '../../capture/records/capture-issue';
import { loopCall, loopFailed } from '../../capture/records/loop';
import { loopMessageSchema } from '../../capture/records/session-schemas';
import type { Exercise } from '../../shared/hunt';
import { err, ok, type Result } from '../../shared/result';
import { fittingJson } from '../../shared/schemas/read-json';
import { byCommand } from './exercise-command';
import { largest } from './exercise-reach';
import { byRequests } from './exercise-requests';
import { type Context, type Exerciser, PATIENCE_MS } from './exerciser';
import { readsInput } from './hunt-turn';

export type { Exercise } from '../../shared/hunt';
export { exerciseTitle } from '../../shared/hunt';

export function exerciser(exercise: Exercise, context: Context): Exerciser {
  switch (exercise.kind) {
    case 'requests':
      return byRequests(exercise, context);
    case 'command':
      return byCommand(exercise, context);
    case 'call':
      return byCalls(context);
    case 'by-hand':
      return byHand(exercise, context);
  }
}

function byCalls({ cancel, targets, isWanted }: Context): Exerciser {
  const cancelled = aborted(cancel);
  const failed = (message: string, done: number): Result<void, CaptureIssue> =>
    err({ kind: 'exercise-failed', way: 'call', what: 'The function', message: message.split('\n')[0] ?? message, done });
  /** The loop is in the main thread. */
  const mainThreads = (): HeapTarget[] => [...targets.values()].filter(({ threadId }) => threadId === 0);
  let isReady = false;
  return {
    async run(times, onDone) {
      const target = await largest(mainThreads());
      if (!target) return failed('the program ended', 0);
      const { inspector } = target;
      const until = performance.now() + PATIENCE_MS;
      while (!isReady && !cancel.aborted) {
        const expression = `typeof globalThis.${loopCall} === 'function' || globalThis.${loopFailed}`;
        const { result } = await inspector.send('Runtime.evaluate', { expression, returnByValue: true });
        isReady = result.value === true;
        const failure = typeof result.value === 'string' ? fittingJson(result.value, loopMessageSchema) : undefined;
        if (failure?.kind === 'failed') return err({ ...failure, kind: 'loop-failed', exports: failure.exports ?? [] });
        if (targets.size === 0) return failed('the program ended; its output says why', 0);
        if (!isReady && performance.now() > until) return failed(`its module was not imported within ${PATIENCE_MS / 1000} s`, 0);
        if (!isReady) await new Promise((resolve) => setTimeout(resolve, 30));
      }
      // In parts, so that it can be told how far it is.
      const part = Math.max(1, Math.ceil(times / 10));
      for (let done = 0; done < times && !cancel.aborted; ) {
        const count = Math.min(part, times - done);
        const expression = `globalThis.${loopCall}(${count})`;
        const answer = await Promise.race([inspector.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true }), cancelled]);
        if (answer?.exceptionDetails) return failed(answer.exceptionDetails.exception?.description ?? answer.exceptionDetails.text, done);
        done += count;
        onDone(done);
      }
      return ok(undefined);
    },
    choose: () => largest(mainThreads().filter(isWanted)),
    dispose() {},
  };
}

function byHand({ next }: Extract<Exercise, { kind: 'by-hand' }>, { cancel, targets, isWanted }: Context): Exerciser {
  let isFirst = true;
  return {
    async run(times) {
      // The first is the probe, which needs no hand.
      if (!isFirst && times > 0) await Promise.race([next?.({ isRead: () => readsInput(targets.values()) }) ?? Promise.resolve(), aborted(cancel)]);
      isFirst = false;
      return ok(undefined);
    },
    choose: () => largest([...targets.values()].filter(isWanted)),
    dispose() {},
  };
}
