import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { RuleProblem } from '../../core/findings/patterns/check-rule';
import type { PatternRule } from '../../core/findings/patterns/pattern-rule';
import type { FileJob, FileScan } from '../../core/findings/patterns/scan';
import { workerLimits } from '../support/worker-limits';
import type { PatternJob, PatternWorkerData, PatternWorkerMessage } from './pattern-worker';

/** What was not searched, and why. `rule` where one rule alone was left out. */
export type PatternWarning =
  | { readonly kind: 'too-slow'; readonly file: string; readonly rule: string | undefined; readonly limitMs: number }
  | { readonly kind: 'rule-failed'; readonly file: string; readonly rule: string | undefined; readonly detail: string }
  | { readonly kind: 'missing-source'; readonly file: string; readonly functions: number }
  | { readonly kind: 'changed-source'; readonly file: string; readonly functions: number }
  /** The file is as it was recorded, but no function is where the source map says. */
  | { readonly kind: 'wrong-map'; readonly file: string; readonly functions: number }
  | { readonly kind: 'no-columns'; readonly file: string; readonly functions: number }
  | { readonly kind: 'long-functions'; readonly file: string; readonly functions: number }
  /** `isMapped`: it has a source map, which leads nowhere for what is hot there. */
  | { readonly kind: 'long-lines'; readonly file: string; readonly length: number; readonly isMapped: boolean }
  | { readonly kind: 'too-large'; readonly file: string; readonly length: number }
  | { readonly kind: 'out-of-time'; readonly files: number }
  | { readonly kind: 'engine-failed'; readonly detail: string };

export interface ScanOptions {
  readonly signal?: AbortSignal | undefined;
  /** Longest time for one rule in one file, and for parsing it. */
  readonly ruleLimitMs?: number | undefined;
  /** Longest time for all files. */
  readonly budgetMs?: number | undefined;
}

export interface ScannedFiles {
  /** One for each job; undefined for a file that could not be searched. */
  readonly scans: readonly (FileScan | undefined)[];
  readonly warnings: readonly PatternWarning[];
  /** Milliseconds, without loading the engine. */
  readonly elapsedMs: number;
}

/** A thread that searches source texts. It is started at the first search and kept, so that WebAssembly is loaded once. */
export interface PatternScanner {
  scan(rules: readonly PatternRule[], files: readonly FileJob[], options?: ScanOptions): Promise<ScannedFiles>;
  /** What is wrong with the shapes of rules, a list for each; undefined for what could not be checked. */
  check(rules: readonly PatternRule[]): Promise<readonly (readonly RuleProblem[] | undefined)[]>;
  dispose(): void;
}

const RULE_LIMIT_MS = 3000;
const BUDGET_MS = 10_000;
const START_LIMIT_MS = 20_000;

/** `partsFolder` is where the bundles are: `pattern-worker.mjs` and the folder `grammars`. */
export function patternScanner(partsFolder: string): PatternScanner {
  let running: { readonly worker: Worker; readonly at: Int32Array } | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  let isDisposed = false;

  const start = (): { readonly worker: Worker; readonly at: Int32Array } => {
    if (running) return running;
    const progress = new SharedArrayBuffer(12);
    const workerData: PatternWorkerData = { folder: path.join(partsFolder, 'grammars'), progress };
    const worker = new Worker(path.join(partsFolder, 'pattern-worker.mjs'), { workerData, resourceLimits: workerLimits() });
    worker.unref();
    running = { worker, at: new Int32Array(progress) };
    return running;
  };
  const stop = (): void => {
    void running?.worker.terminate();
    running = undefined;
  };

  const scan = async (rules: readonly PatternRule[], files: readonly FileJob[], options: ScanOptions): Promise<ScannedFiles> => {
    const { signal, ruleLimitMs = RULE_LIMIT_MS, budgetMs = BUDGET_MS } = options;
    const scans: (FileScan | undefined)[] = files.map(() => undefined);
    const warnings: PatternWarning[] = [];
    let left = files.map((job, index) => ({ job, index }));
    let elapsedMs = 0;
    while (left.length > 0 && !signal?.aborted && !isDisposed) {
      if (elapsedMs >= budgetMs) {
        warnings.push({ kind: 'out-of-time', files: left.length });
        break;
      }
      const round = await runRound(start(), { rules, files: left.map(({ job }) => job) }, { signal, ruleLimitMs, budgetMs: budgetMs - elapsedMs });
      elapsedMs += round.elapsedMs;
      for (const [at, one] of round.scans) scans[left[at]?.index ?? -1] = one;
      for (const { at, rule, detail } of round.failures) warnings.push({ kind: 'rule-failed', file: left[at]?.job.file ?? '', rule: rules[rule]?.id, detail });
      if (round.end.kind !== 'done') stop();
      if (round.end.kind === 'failed') {
        warnings.push({ kind: 'engine-failed', detail: round.end.detail });
        break;
      }
      const failed = new Map(round.failures.map(({ at, rule }) => [at, rules[rule]?.id]));
      const stuck = round.end.kind === 'stuck' ? round.end : undefined;
      if (stuck) warnings.push({ kind: 'too-slow', file: left[stuck.at]?.job.file ?? '', rule: rules[stuck.rule]?.id, limitMs: ruleLimitMs });
      // What was stopped by one rule is searched again without that rule; what could not even be parsed is left.
      left = left.flatMap((one, at) => {
        if (round.scans.has(at)) return [];
        const culprit = failed.has(at) ? failed.get(at) : stuck?.at === at ? rules[stuck.rule]?.id : '';
        if (culprit === undefined) return [];
        return [culprit === '' ? one : { ...one, job: { ...one.job, skippedRules: [...one.job.skippedRules, culprit] } }];
      });
    }
    return { scans, warnings, elapsedMs };
  };

  const check = async (rules: readonly PatternRule[]): Promise<(readonly RuleProblem[] | undefined)[]> => {
    const limits = { signal: undefined, ruleLimitMs: RULE_LIMIT_MS, budgetMs: BUDGET_MS };
    const { checked, end } = await runRound(start(), { rules, files: [], isCheck: true }, limits);
    if (end.kind !== 'done') stop();
    return rules.map((_, i) => checked.get(i));
  };

  return {
    check(rules) {
      if (rules.length === 0) return Promise.resolve([]);
      const next = queue.then(() => check(rules));
      queue = next.catch(() => undefined);
      return next;
    },
    scan(rules, files, options = {}) {
      const next = queue.then(() => scan(rules, files, options));
      queue = next.catch(() => undefined);
      return next;
    },
    dispose() {
      isDisposed = true;
      stop();
    },
  };
}

interface Round {
  readonly scans: ReadonlyMap<number, FileScan>;
  readonly checked: ReadonlyMap<number, readonly RuleProblem[]>;
  readonly failures: readonly { readonly at: number; readonly rule: number; readonly detail: string }[];
  readonly end:
    | { readonly kind: 'done' | 'cancelled' | 'out-of-time' }
    | { readonly kind: 'stuck'; readonly at: number; readonly rule: number }
    | { readonly kind: 'failed'; readonly detail: string };
  readonly elapsedMs: number;
}

/** Gives the thread its work and watches what it is at; ends when it is done, fails, is cancelled, or stays too long at one thing. */
function runRound(
  { worker, at }: { readonly worker: Worker; readonly at: Int32Array },
  job: PatternJob,
  { signal, ruleLimitMs, budgetMs }: { readonly signal: AbortSignal | undefined; readonly ruleLimitMs: number; readonly budgetMs: number },
): Promise<Round> {
  return new Promise((resolve) => {
    const scans = new Map<number, FileScan>();
    const checked = new Map<number, readonly RuleProblem[]>();
    const failures: { at: number; rule: number; detail: string }[] = [];
    const begun = performance.now();
    let readyAt: number | undefined;
    let last = { step: -1, since: begun };
    const finish = (end: Round['end']): void => {
      clearInterval(watch);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      signal?.removeEventListener('abort', onAbort);
      worker.unref();
      resolve({ scans, checked, failures, end, elapsedMs: readyAt === undefined ? 0 : performance.now() - readyAt });
    };
    const onMessage = (message: PatternWorkerMessage): void => {
      if (message.kind === 'ready') readyAt = performance.now();
      else if (message.kind === 'checked') checked.set(message.rule, message.problems);
      else if (message.kind === 'file') scans.set(message.index, message.scan);
      else if (message.kind === 'file-failed') failures.push({ at: message.index, rule: message.rule, detail: message.detail });
      else finish({ kind: 'done' });
    };
    const onError = (error: Error): void => finish({ kind: 'failed', detail: error.message });
    const onExit = (code: number): void => finish({ kind: 'failed', detail: `the thread ended with code ${code}` });
    const onAbort = (): void => finish({ kind: 'cancelled' });
    const watch = setInterval(
      () => {
        const now = performance.now();
        if (readyAt === undefined) {
          if (now - begun > START_LIMIT_MS) finish({ kind: 'failed', detail: 'the engine did not start' });
          return;
        }
        const step = Atomics.load(at, 2);
        if (step !== last.step) last = { step, since: now };
        else if (now - last.since > ruleLimitMs) finish({ kind: 'stuck', at: Atomics.load(at, 0), rule: Atomics.load(at, 1) - 1 });
        else if (now - readyAt > budgetMs) finish({ kind: 'out-of-time' });
      },
      Math.min(50, ruleLimitMs / 2),
    );
    worker.ref();
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    signal?.addEventListener('abort', onAbort, { once: true });
    worker.postMessage(job);
  });
}
