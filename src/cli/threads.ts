import { byCpu, cpuOf, distinctNames, type ShownThreads, type ThreadSummary } from '../core/profile/views/threads';
import type { ProfileSelection, ReadProfile } from '../service/profile/import-profile';
import { describeShown, describeThread, shownThreads } from '../service/profile/shown-threads';
import { formatCount, formatTime, plural, printable, shorten } from '../shared/format';
import { UsageError } from './exit-codes';
import { styled } from './terminal';

/** Options of the commands that read a profile, for `parseCommand`. */
export const threadOptions = { profile: { type: 'string' }, thread: { type: 'string' }, process: { type: 'string' } } as const;

export interface ThreadValues {
  readonly profile?: string | undefined;
  readonly thread?: string | undefined;
  readonly process?: string | undefined;
}

/** Which profile of a file was asked for: known at once, or found among the threads of the file. */
export interface Wanted {
  readonly select: ProfileSelection | undefined;
  /** Gives the rows that were meant, or a sentence that says why there are none. */
  readonly find: ((threads: readonly ThreadSummary[]) => Found) | undefined;
  /** All threads were asked for, which one alone is, too. */
  readonly isAll?: boolean;
}

type Found = { readonly rows: readonly number[]; readonly remark?: string } | { readonly problem: string };

/** `--profile`: a number from 1, `merge`, or a name. */
function profileSelection(text: string | undefined): ProfileSelection | undefined {
  if (text === undefined || text === 'merge') return text;
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) - 1 : { name: text };
}

/** Throws where the options do not go together. */
export function wantedProfile({ profile, thread, process }: ThreadValues): Wanted {
  if (thread === undefined && process === undefined) return { select: profileSelection(profile), find: undefined };
  if (profile !== undefined) throw new UsageError('--profile and --thread or --process say the same in two ways; give one of them.');
  if (thread?.trim() === '') throw new UsageError('--thread takes a number, a name or all, not an empty text.');
  if (process !== undefined && !/^\d{1,15}$/.test(process)) throw new UsageError(`--process takes the number of a process, not "${process}".`);
  return {
    select: undefined,
    isAll: thread === 'all' && process === undefined,
    find: (threads) => findThreads(threads, thread, process === undefined ? undefined : Number(process)),
  };
}

/** The number that a thread goes by: its own, else its place in the list, from 1. */
const numberOf = ({ thread }: ThreadSummary, at: number): number => thread ?? at + 1;

/** By process, then by number or name; of several of one name the busiest. */
function findThreads(threads: readonly ThreadSummary[], wanted: string | undefined, process: number | undefined): Found {
  const rank = byCpu(threads);
  const inProcess = rank.filter((at) => process === undefined || threads[at]?.process === process);
  if (inProcess.length === 0) return { problem: `There is no process ${process} in it. It has: ${processList(threads)}.` };
  const where = process === undefined ? '' : ` in process ${process}`;
  const listed = (rows: readonly number[]): string => threadList(threads, rows);
  if (wanted === undefined) return { rows: inProcess.slice(0, 1) };
  if (wanted === 'all') return { rows: [...inProcess].sort((a, b) => a - b) };
  const names = distinctNames(threads);
  const byName = inProcess.filter((at) => threads[at]?.name === wanted || names[at] === wanted);
  if (byName.length > 0) {
    const remark = `${plural(byName.length, 'thread')}${where} have the name "${printable(shorten(wanted, 60))}", and this is the busiest; --thread with a number and --process take another.`;
    return { rows: byName.slice(0, 1), ...(byName.length > 1 ? { remark } : {}) };
  }
  const byNumber = /^\d{1,15}$/.test(wanted) ? inProcess.filter((at) => numberOf(threads[at] as ThreadSummary, at) === Number(wanted)) : [];
  if (byNumber.length > 1) {
    const processes = [...new Set(byNumber.map((at) => threads[at]?.process))].sort((a, b) => (a ?? 0) - (b ?? 0));
    return { problem: `There is a thread ${wanted} in each of ${formatCount(byNumber.length)} processes: give --process too, one of ${processes.join(', ')}.` };
  }
  if (byNumber.length === 1) return { rows: byNumber };
  return { problem: `There is no thread "${printable(shorten(wanted, 60))}"${where}. It has: ${listed(inProcess)}.` };
}

/** Rows that are named in a sentence. */
const LISTED = 30;

function threadList(threads: readonly ThreadSummary[], rows: readonly number[]): string {
  const severalProcesses = new Set(rows.map((at) => threads[at]?.process)).size > 1;
  const shown = rows.slice(0, LISTED).map((at) => {
    const one = threads[at] as ThreadSummary;
    return `${numberOf(one, at)} "${printable(shorten(one.name, 60))}"${severalProcesses && one.process !== undefined ? ` of process ${one.process}` : ''}`;
  });
  return shown.join(', ') + (rows.length > LISTED ? ` and ${formatCount(rows.length - LISTED)} more` : '');
}

function processList(threads: readonly ThreadSummary[]): string {
  const known = [...new Set(threads.flatMap(({ process }) => process ?? []))];
  if (known.length === 0) return 'threads of which no process is known';
  const shown = known.slice(0, LISTED).map((process) => `${process} (${printable(shorten(threads.find((one) => one.process === process)?.name ?? '', 60))})`);
  return shown.join(', ') + (known.length > LISTED ? ` and ${formatCount(known.length - LISTED)} more` : '');
}

/** What is said on standard error where nothing was asked for: which thread is shown, and how to take another. */
export function shownNote(read: Pick<ReadProfile, 'profiles' | 'selected' | 'together'>): string | undefined {
  const threads = shownThreads(read);
  return threads && `${describeThread(threads)}. --thread T takes another, --thread all puts all together`;
}

/** Threads of a table; more stand in the JSON. */
const ROWS = 40;

/** A table of the threads, those that are shown marked, and the sentence that says which they are. */
export function threadTable(threads: ShownThreads): {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
} {
  const { all, shown } = threads;
  const isShown = new Set(shown);
  const rank = byCpu(all);
  // What is shown is always in the table.
  const kept =
    rank.length <= ROWS ? rank : [...rank.filter((at) => isShown.has(at)).slice(0, ROWS / 2), ...rank.filter((at) => !isShown.has(at))].slice(0, ROWS);
  const rows = kept.map((at) => {
    const one = all[at] as ThreadSummary;
    return [
      isShown.has(at) ? '*' : '',
      one.process === undefined ? '' : String(one.process),
      String(numberOf(one, at)),
      shorten(printable(one.name), 60),
      formatTime(cpuOf(one)),
      formatTime(one.waiting),
      formatCount(one.samples),
    ];
  });
  const left = all.length - kept.length;
  return {
    head: ['', 'process', 'thread', 'name', 'CPU', 'waiting', 'samples'],
    rows,
    notes: [...(left > 0 ? [styled('dim', `and ${plural(left, 'thread')} with less`)] : []), `Shown: ${describeShown(threads)}.`],
  };
}
