import path from 'node:path';
import { describeChosen } from '../../service/heap/heap-choice';
import { describeCaptureIssue } from '../../service/recording/describe-capture-issue';
import { defaultHeapInterval, type HeapMode, type HeapRecorded, recordHeap } from '../../service/recording/heap-record';
import { formatBytes, formatTime, printableJson } from '../../shared/format';
import type { Recipe } from '../../shared/recipe';
import type { WantedThread } from '../../shared/thread-choice';
import { wholeNumber } from '../arguments';
import { type Exit, UsageError } from '../exit-codes';
import { exitCodeOf, launching, misplacedExit, onInterrupt, tellPath } from '../recording';
import { clearProgress, note, progress, write } from '../terminal';

export const heapTypes = ['heap', 'snapshot', 'allocations'] as const;

interface HeapOptions {
  readonly type: string;
  readonly interval: string | undefined;
  readonly collected: boolean;
  readonly out: string | undefined;
  readonly seconds: number | undefined;
  readonly nodePath: string;
  readonly json: boolean;
  readonly wanted: WantedThread | undefined;
}

/** `plateau record` of heaps. What is written where has been checked. */
export async function recordHeapCommand(recipe: Recipe, options: HeapOptions): Promise<Exit> {
  const mode = modeOf(options);
  const stop = new AbortController();
  const cancel = new AbortController();
  const isAttached = recipe.kind === 'attach' || recipe.kind === 'process';
  const { release, onLaunch } = onInterrupt(stop, cancel, isAttached);
  const started = Date.now();
  let isPausing = false;
  const clock = setInterval(() => {
    if (isAttached && !isPausing) progress(`Recording ${Math.floor((Date.now() - started) / 1000)} s – Ctrl+C to stop and keep`);
  }, 250);
  const result = await recordHeap({
    recipe,
    mode,
    wanted: options.wanted,
    nodePath: options.nodePath,
    ...launching({ json: options.json }, onLaunch),
    out: options.out === undefined ? { folder: path.resolve('.plateau', 'profiles') } : { file: options.out },
    seconds: options.seconds,
    control: { stop: stop.signal, cancel: cancel.signal },
    onEvent: (event) => {
      if (event.kind === 'pausing') {
        isPausing = true;
        note(`A snapshot of ${formatBytes(event.heapUsed)} stops the program for about ${formatTime(event.pauseMs * 1000)}.`);
      } else if (event.kind === 'progress') progress(`Taking the snapshot: ${Math.floor(event.share * 100)} %`);
    },
  });
  clearInterval(clock);
  clearProgress();
  release();
  if (!result.ok) {
    note(`plateau: ${describeCaptureIssue(result.error)}`);
    return exitCodeOf(result.error);
  }
  await tell(result.value, options);
  return misplacedExit(result.value.misplaced, result.value.file);
}

function modeOf({ type, interval, collected }: HeapOptions): HeapMode {
  if (type !== 'heap') {
    if (interval !== undefined) throw new UsageError('--interval goes with --type cpu (µs) and --type heap (bytes).');
    if (collected) throw new UsageError('--collected goes with --type heap.');
    return { kind: type === 'snapshot' ? 'snapshot' : 'tracking' };
  }
  return { kind: 'sampling', interval: wholeNumber('interval', interval, 1, 2 ** 30) ?? defaultHeapInterval, includesCollected: collected };
}

async function tell({ file, info, lost }: HeapRecorded, { json, wanted }: HeapOptions): Promise<void> {
  if (json) {
    await write(`${printableJson({ schema: 'plateau/record/1', file, ...info }, 1)}\n`);
    return;
  }
  if (info.exit && info.exit.code !== 0) note(`The program ended with ${info.exit.signal ?? `exit code ${info.exit.code}`}; what was recorded is kept.`);
  if (lost > 0) note(`${lost === 1 ? '1 thread or process' : `${lost} threads or processes`} died without handing over a heap.`);
  const chosen = info.thread && describeChosen({ pid: info.pid, ...info.thread }, info.others ?? [], wanted !== undefined);
  if (chosen !== undefined) note(chosen);
  if (info.heap === 'sampling') note(`${formatBytes(info.bytes)} of allocations sampled${info.includesCollected ? '' : ' that were still alive at the end'}`);
  else note(`A heap of ${formatBytes(info.bytes)}; the program was paused for ${formatTime((info.pauseMs ?? 0) * 1000)}`);
  await tellPath(file, info.recipe);
}
