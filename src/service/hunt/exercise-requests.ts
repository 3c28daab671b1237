import http from 'node:http';
import https from 'node:https';
import type { CaptureIssue } from '../../capture/records/capture-issue';
import { type RequestExercise, requestHeaders } from '../../shared/hunt-request';
import { err, ok, type Result } from '../../shared/result';
import { followReach } from './exercise-reach';
import { type Context, type Exerciser, mostMisses, PATIENCE_MS } from './exerciser';

const REFUSED = 'nothing listens there';

/** Sends one request after the other, and sees to it that the watched thread answers them. */
export function byRequests(exercise: RequestExercise, { cancel, targets, isWanted }: Context): Exerciser {
  const { method, url, body } = exercise;
  const what = `${method} ${url}`;
  const headers = requestHeaders(exercise);
  const answers = new Map<number, number>();
  const reach = followReach(targets);
  let hasAnswered = false;
  let missed = 0;
  let hits = 0;
  let isPartial = false;
  const once = (agent: http.Agent): Promise<string | undefined> =>
    new Promise((resolve) => {
      const client = url.startsWith('https:') ? https : http;
      const request = client.request(url, { method, headers, agent, timeout: 30_000, signal: cancel }, (response) => {
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
  // One connection, closed after each round: what a server keeps for connections is the same in each snapshot.
  const connect = (): http.Agent => new (url.startsWith('https:') ? https : http).Agent({ keepAlive: true, maxSockets: 1 });

  async function run(times: number, onDone: (done: number) => void): Promise<Result<void, CaptureIssue>> {
    let agent = connect();
    const until = performance.now() + PATIENCE_MS;
    let misses = 0;
    try {
      for (let done = 0; done < times && !cancel.aborted; ) {
        const { value: problem, hasReached } = hasAnswered
          ? await reach.during(() => once(agent))
          : { value: await reach.probe(() => once(agent)), hasReached: undefined };
        if (problem === REFUSED && !hasAnswered && performance.now() < until && targets.size > 0) {
          await new Promise((resolve) => setTimeout(resolve, 100));
          continue;
        }
        if (problem !== undefined) return err({ kind: 'exercise-failed', way: 'requests', what, message: problem, done });
        hasAnswered = true;
        if (hasReached === false) {
          missed++;
          isPartial = ++misses > mostMisses(targets.size);
          if (isPartial) return ok(undefined);
          // Another connection goes to another worker.
          agent.destroy();
          agent = connect();
          continue;
        }
        misses = 0;
        if (hasReached) hits++;
        onDone(++done);
      }
    } finally {
      agent.destroy();
    }
    return ok(undefined);
  }

  return {
    run,
    choose: () => reach.choose(isWanted),
    answers: () => [...answers].map(([status, count]) => ({ status, count })).sort((a, b) => a.status - b.status),
    reached: () => ({ evidence: reach.evidence, hits, missed, isPartial }),
    dispose() {},
  };
}
