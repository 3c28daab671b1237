import { formatBytes, formatCount, printable, shorten } from './format';
import type { HuntResult, HuntThread } from './hunt';

/** Which thread was asked for: of a worker its number or name, of a process its number or script. */
export interface WantedThread {
  readonly thread?: string | undefined;
  readonly process?: string | undefined;
}

/** `thread task of process app.js`, in the words that it was asked for. */
export const wantedText = ({ thread, process }: WantedThread): string =>
  [thread === undefined ? '' : `thread ${thread}`, process === undefined ? '' : `process ${process}`].filter(Boolean).join(' of ');

/** A thread with the bytes of its heap, where they are known. */
export type SizedThread = HuntThread & { readonly bytes?: number | undefined };

/** `worker 2 (task.js) of 4711`, `app.js (4711)`. */
export function threadText({ pid, threadId, name }: HuntThread): string {
  const known = shorten(printable(name), 60);
  if (threadId === 0) return pid > 0 ? `${known} (${pid})` : known;
  return `worker ${threadId}${known === `worker ${threadId}` ? '' : ` (${known})`}${pid > 0 ? ` of ${pid}` : ''}`;
}

const NAMED = 5;

/** A list of threads, each with what is said of it. */
export function threadList(threads: readonly SizedThread[]): string {
  const rest = threads.length - NAMED;
  const named = threads
    .slice(0, rest > 1 ? NAMED : threads.length)
    .map((one) => `${threadText(one)}${one.bytes === undefined ? '' : ` ${formatBytes(one.bytes)}`}`);
  return `${named.join(', ')}${rest > 1 ? ` and ${formatCount(rest)} more` : ''}`;
}

/** The threads of which a hunt took no snapshots, with their size at its end. */
export const othersOf = ({ others = [] }: Pick<HuntResult, 'others'>): SizedThread[] =>
  others.map(({ pid, threadId, name, heapBytes }) => ({ pid, threadId, name, bytes: heapBytes?.[2] }));

/** Whom a hunt has watched, and whom not; undefined where there was one alone. */
export function describeWatched({ watched, others }: Pick<HuntResult, 'watched' | 'others'>): string | undefined {
  const list = othersOf({ others });
  if (!watched || list.length === 0) return undefined;
  return `watched ${threadText(watched)}, one of ${formatCount(list.length + 1)}; not looked at: ${threadList(list)}`;
}

/**
 * How to ask for one of the threads of a recording in the next one. What is launched anew has other
 * process numbers, so a process goes by its script there; a worker goes by its name where no other has it.
 */
export function wantedAgain(thread: HuntThread, all: readonly HuntThread[], { keepsPids }: { readonly keepsPids: boolean }): WantedThread {
  const { pid, threadId, name } = thread;
  const script = all.find((one) => one.pid === pid && one.threadId === 0)?.name;
  const isAlone = all.every((one) => one.pid === pid);
  const process = isAlone || pid === 0 ? undefined : keepsPids ? String(pid) : script;
  const isNamed = threadId > 0 && !/^worker \d+$/.test(name) && all.filter((one) => one.name === name).length === 1;
  return { thread: threadId === 0 ? 'main' : isNamed ? name : String(threadId), ...(process === undefined ? {} : { process }) };
}
