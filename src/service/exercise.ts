import { spawn } from 'node:child_process';
import http from 'node:http';
import https from 'node:https';
import type { CaptureIssue } from '../capture/capture-issue';
import { heapUsage } from '../capture/heap-snapshot';
import type { HeapTarget } from '../capture/heap-targets';
import { listeningPorts } from '../capture/listening-ports';
import { type LoopMessage, loopCall, loopFailed } from '../capture/loop';
import { endTree } from '../capture/processes/end-tree';
import { identify } from '../capture/processes/identity';
import { aborted } from '../capture/record-launch';
import type { AnswerCount, Exercise } from '../shared/hunt';
import { err, ok, type Result } from '../shared/result';

export type { Exercise } from '../shared/hunt';
export { exerciseTitle } from '../shared/hunt';

/** What does the work between the snapshots. */
export interface Exerciser {
  /** Exercises the program so often, one after the other. */
  run(times: number, onDone: (done: number) => void): Promise<Result<void, CaptureIssue>>;
  /** The process that the exercise reaches. */
  choose(): Promise<HeapTarget | undefined>;
  /** Requests by the status of their answers, so far. */
  answers?(): readonly AnswerCount[];
  dispose(): void;
}

interface Context {
  readonly cancel: AbortSignal;
  readonly targets: ReadonlyMap<number, HeapTarget>;
}

/** How long a server may take to listen, or a module to be imported. */
const PATIENCE_MS = 20_000;

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

function byRequests({ method, url, body }: Extract<Exercise, { kind: 'requests' }>, { cancel, targets }: Context): Exerciser {
  const what = `${method} ${url}`;
  let hasAnswered = false;
  const answers = new Map<number, number>();
  const once = (agent: http.Agent): Promise<string | undefined> =>
    new Promise((resolve) => {
      const client = url.startsWith('https:') ? https : http;
      const request = client.request(url, { method, agent, timeout: 30_000, signal: cancel }, (response) => {
        response.on('error', (error) => resolve(error.message));
        response.on('end', () => {
          const status = response.statusCode ?? 0;
          answers.set(status, (answers.get(status) ?? 0) + 1);
          resolve(undefined);
        });
        response.resume();
      });
      request.on('timeout', () => request.destroy(new Error('no answer within 30 s')));
      request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED' ? REFUSED : error.message));
      request.end(body);
    });
  return {
    async run(times, onDone) {
      // One connection, closed after each round: what a server keeps for connections is the same in each snapshot.
      const agent = url.startsWith('https:') ? new https.Agent({ keepAlive: true, maxSockets: 1 }) : new http.Agent({ keepAlive: true, maxSockets: 1 });
      const until = performance.now() + PATIENCE_MS;
      try {
        for (let done = 0; done < times && !cancel.aborted; ) {
          const problem = await once(agent);
          if (problem === REFUSED && !hasAnswered && performance.now() < until && targets.size > 0) {
            await new Promise((resolve) => setTimeout(resolve, 100));
            continue;
          }
          if (problem !== undefined) return err({ kind: 'exercise-failed', way: 'requests', what, message: problem, done });
          hasAnswered = true;
          onDone(++done);
        }
      } finally {
        agent.destroy();
      }
      return ok(undefined);
    },
    async choose() {
      const { port, protocol } = new URL(url);
      const wanted = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
      for (const target of targets.values()) if (target.pid > 0 && (await listeningPorts(target.pid)).includes(wanted)) return target;
      return largest(targets);
    },
    answers: () => [...answers].map(([status, count]) => ({ status, count })).sort((a, b) => a.status - b.status),
    dispose() {},
  };
}

const REFUSED = 'nothing listens there';

function byCommand({ command, cwd }: Extract<Exercise, { kind: 'command' }>, { cancel, targets }: Context): Exerciser {
  const once = (): Promise<string | undefined> =>
    new Promise((resolve) => {
      const child = spawn(command, { cwd, shell: true, stdio: ['ignore', 'ignore', 'inherit'], windowsHide: true });
      const launched = identify(child.pid ?? 0);
      const end = (): void => void launched.then((identity) => endTree(identity, undefined));
      cancel.addEventListener('abort', end, { once: true });
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => {
        cancel.removeEventListener('abort', end);
        resolve(code === 0 ? undefined : signal ? `it was ended by ${signal}` : `it ended with exit code ${code}`);
      });
    });
  return {
    async run(times, onDone) {
      for (let done = 0; done < times && !cancel.aborted; ) {
        const problem = await once();
        if (problem !== undefined) return err({ kind: 'exercise-failed', way: 'command', what: command, message: problem, done });
        onDone(++done);
      }
      return ok(undefined);
    },
    choose: () => largest(targets),
    dispose() {},
  };
}

function byCalls({ cancel, targets }: Context): Exerciser {
  const cancelled = aborted(cancel);
  const failed = (message: string, done: number): Result<void, CaptureIssue> =>
    err({ kind: 'exercise-failed', way: 'call', what: 'The function', message: message.split('\n')[0] ?? message, done });
  let isReady = false;
  return {
    async run(times, onDone) {
      const target = await largest(targets);
      if (!target) return failed('the program ended', 0);
      const { inspector } = target;
      const until = performance.now() + PATIENCE_MS;
      while (!isReady && !cancel.aborted) {
        const expression = `typeof globalThis.${loopCall} === 'function' || globalThis.${loopFailed}`;
        const { result } = await inspector.send('Runtime.evaluate', { expression, returnByValue: true });
        isReady = result.value === true;
        const failure = typeof result.value === 'string' ? (JSON.parse(result.value) as LoopMessage) : undefined;
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
    choose: () => largest(targets),
    dispose() {},
  };
}

function byHand({ next }: Extract<Exercise, { kind: 'by-hand' }>, { cancel, targets }: Context): Exerciser {
  let isFirst = true;
  return {
    async run(times) {
      // The first is the probe, which needs no hand.
      if (!isFirst && times > 0) await Promise.race([next?.() ?? Promise.resolve(), aborted(cancel)]);
      isFirst = false;
      return ok(undefined);
    },
    choose: () => largest(targets),
    dispose() {},
  };
}

async function largest(targets: ReadonlyMap<number, HeapTarget>): Promise<HeapTarget | undefined> {
  let best: { target: HeapTarget; used: number } | undefined;
  for (const target of targets.values()) {
    const usage = await heapUsage(target.inspector).catch(() => undefined);
    if (usage && (!best || usage.used > best.used)) best = { target, used: usage.used };
  }
  return best?.target;
}
