/** Worker thread: searches source texts for patterns. It notes what it is at, so that whoever waits can tell what takes too long. */
import { parentPort, workerData } from 'node:worker_threads';
import { patternProblems } from '../../core/findings/patterns/check-pattern';
import type { RuleProblem } from '../../core/findings/patterns/check-rule';
import type { PatternRule } from '../../core/findings/patterns/pattern-rule';
import type { FileJob, FileScan } from '../../core/findings/patterns/scan';
import { scanAnyFile } from '../../core/findings/patterns/scan-pieces';
import { openPatternEngine, type PatternEngine } from './pattern-engine';

export interface PatternWorkerData {
  /** The folder of the WebAssembly files. */
  readonly folder: string;
  /** `[file, rule + 1, step]`: what is being searched (0 for parsing), and a number that grows with each thing begun. */
  readonly progress: SharedArrayBuffer;
}

export interface PatternJob {
  readonly rules: readonly PatternRule[];
  readonly files: readonly FileJob[];
  /** The rules' shapes are checked, and nothing is searched. */
  readonly isCheck?: boolean;
}

export type PatternWorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'checked'; readonly rule: number; readonly problems: readonly RuleProblem[] }
  | { readonly kind: 'file'; readonly index: number; readonly scan: FileScan }
  | { readonly kind: 'file-failed'; readonly index: number; readonly rule: number; readonly detail: string }
  | { readonly kind: 'done' };

const { folder, progress } = workerData as PatternWorkerData;
const at = new Int32Array(progress);
const tell = (message: PatternWorkerMessage): void => parentPort?.postMessage(message);

let opened: Promise<PatternEngine> | undefined;

parentPort?.on('message', async ({ rules, files, isCheck }: PatternJob) => {
  opened ??= openPatternEngine(folder);
  const engine = await opened;
  await engine.load([...new Set(isCheck ? rules.flatMap(({ languages }) => languages) : files.map(({ language }) => language))]);
  tell({ kind: 'ready' });
  for (const [index, rule] of isCheck ? rules.entries() : []) {
    Atomics.store(at, 1, index + 1);
    Atomics.add(at, 2, 1);
    tell({ kind: 'checked', rule: index, problems: patternProblems(engine, rule) });
  }
  for (const [index, file] of files.entries()) {
    const begin = (rule: number): void => {
      Atomics.store(at, 1, rule + 1);
      Atomics.add(at, 2, 1);
    };
    Atomics.store(at, 0, index);
    begin(-1);
    try {
      tell({ kind: 'file', index, scan: scanAnyFile(engine, rules, file, begin) });
    } catch (error) {
      tell({ kind: 'file-failed', index, rule: Atomics.load(at, 1) - 1, detail: error instanceof Error ? error.message : String(error) });
    }
  }
  tell({ kind: 'done' });
});
