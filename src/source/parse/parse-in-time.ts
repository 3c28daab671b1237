import { ownWaitedThread } from '../../files/waited-thread';
import { isAwaited, isInLoop } from './call-lines';
import { parseFunctions, type SourceFunction } from './parse-functions';
import { areTurnsInOrder } from './turns-in-order';

/**
 * Parsing for whoever may have others to answer: the server's thread lets another parse, and goes on without
 * where that takes too long, since some texts are made for it.
 */

/** How long one text is waited for. */
const PATIENCE_MS = 2000;
/** How long others are after one that was late, and for how long: a repository may have hundreds of them. */
const LITTLE_MS = 200;
const AFTER_MS = 30_000;
let lateUntil = 0;

function inTime<T>(job: string, given: readonly unknown[], here: () => T, late: T): T {
  const thread = ownWaitedThread();
  if (!thread) return here();
  const waited = thread.wait<T>(job, given, performance.now() < lateUntil ? LITTLE_MS : PATIENCE_MS);
  if (waited.kind === 'done') return waited.value;
  lateUntil = performance.now() + AFTER_MS;
  return late;
}

/** The texts that were parsed last, by file: several questions are asked of one. */
const known = new Map<string, { readonly text: string; readonly functions: readonly SourceFunction[] | undefined }>();
const MOST_KNOWN = 8;

/** As `parseFunctions`; undefined too where it takes too long. */
export function functionsInTime(text: string, file: string): readonly SourceFunction[] | undefined {
  const before = known.get(file);
  if (before?.text === text) return before.functions;
  const functions = inTime<readonly SourceFunction[] | undefined>('functions', [text, file], () => parseFunctions(text, file), undefined);
  known.delete(file);
  known.set(file, { text, functions });
  for (const oldest of known.keys()) {
    if (known.size <= MOST_KNOWN) break;
    known.delete(oldest);
  }
  return functions;
}

/** As `isInLoop`; false too where it takes too long. */
export const isInLoopInTime = (text: string, file: string, line: number, column: number): boolean =>
  inTime('isInLoop', [text, file, line, column], () => isInLoop(text, file, line, column), false);

/** As `isAwaited`; false too where it takes too long. */
export const isAwaitedInTime = (text: string, file: string, line: number, column: number): boolean =>
  inTime('isAwaited', [text, file, line, column], () => isAwaited(text, file, line, column), false);

/** As `areTurnsInOrder`; false too where it takes too long. */
export const areTurnsInOrderInTime = (text: string, file: string, line: number, column: number): boolean =>
  inTime('areTurnsInOrder', [text, file, line, column], () => areTurnsInOrder(text, file, line, column), false);
