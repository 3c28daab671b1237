import path from 'node:path';
import type { Elsewhere } from '../../core/findings/thread-activity';
import { isBusiest } from '../../core/findings/thread-activity';
import { byCpu, cpuOf, distinctNames, intervalOf, mayBeChance, type ShownThreads, type ThreadSummary } from '../../core/profile/views/threads';
import { formatCount, formatTime, plural, printable, shorten } from '../../shared/format';
import type { RecordingInfo } from '../recordings/recording-info';
import { readInfo } from '../recordings/recordings';
import { describeSilence } from './describe-warning';
import type { ReadProfile } from './import-profile';
import type { OpenedProfile } from './opened-profile';
import { threadGroup, threadSummaries } from './thread-group';

/** The threads of what was read, and which of them are shown; undefined where there is no choice of threads. */
export function shownThreads(
  { profiles, selected, together }: Pick<ReadProfile, 'profiles' | 'selected' | 'together'>,
  info?: Pick<RecordingInfo, 'focus'>,
): ShownThreads | undefined {
  const all = profiles.flatMap(({ thread }) => thread ?? []);
  if (all.length < 2 || all.length < profiles.length) return undefined;
  return { all, shown: selected === 'merge' ? (together ?? all.map((_, at) => at)) : [selected], ...focusOf(info) };
}

const focusOf = (info: Pick<RecordingInfo, 'focus'> | undefined): Pick<ShownThreads, 'focus'> => (info?.focus ? { focus: path.basename(info.focus.file) } : {});

/** Others that are named; there may be hundreds. */
const NAMED = 5;

/** Which threads are shown, and what there is besides: `the busiest of 4; the others: task.js 940 ms, …`. */
export function describeShown(threads: ShownThreads): string {
  const { shown, focus } = threads;
  const all = withDistinctNames(threads.all);
  const rank = byCpu(all);
  const isShown = new Set(shown);
  const others = rank.filter((at) => !isShown.has(at)).map((at) => all[at] as ThreadSummary);
  const which =
    shown.length === all.length
      ? `all ${formatCount(all.length)} threads together`
      : shown.length > 1
        ? `${formatCount(shown.length)} of ${plural(all.length, 'thread')} together`
        : isBusiest(threads)
          ? `the busiest of ${formatCount(all.length)}`
          : rankText(all, rank, shown[0] as number, focus);
  if (others.length === 0) return which;
  const rest = others.length - NAMED;
  const named = others.slice(0, rest > 1 ? NAMED : others.length).map((one) => `${threadName(one)} ${formatTime(cpuOf(one))}`);
  return `${which}; the ${others.length === 1 ? 'other' : 'others'}: ${named.join(', ')}${rest > 1 ? ` and ${formatCount(rest)} more` : ''}`;
}

/** The place of a thread that is not the busiest, and why it comes first where it does. */
function rankText(all: readonly ThreadSummary[], rank: readonly number[], at: number, focus: string | undefined): string {
  const [own, busiest] = [all[at] as ThreadSummary, all[rank[0] as number] as ThreadSummary];
  const place = `number ${formatCount(rank.indexOf(at) + 1)} of ${formatCount(all.length)} by CPU time`;
  if (at === 0 && focus) return `shown for its time in ${printable(focus)}, ${place}`;
  return mayBeChance(cpuOf(own), cpuOf(busiest), intervalOf(busiest)) ? `${place}, within sampling error of the busiest` : place;
}

/** In a sentence there is nothing but the name to tell them apart. */
const withDistinctNames = (threads: readonly ThreadSummary[]): ThreadSummary[] => {
  const names = distinctNames(threads);
  return threads.map((one, at) => ({ ...one, name: names[at] as string }));
};

const threadName = ({ name }: ThreadSummary): string => shorten(printable(name), 60) || '(no name)';

function describeElsewhere({ count, cpu, busiest, busiestCpu }: Elsewhere, silence: string): string {
  const others = count === 1 ? 'another one' : `${formatCount(count)} others`;
  const most = count === 1 ? ` (${threadName(busiest)})` : `, ${formatTime(busiestCpu)} of it in ${threadName(busiest)}`;
  return `${silence} Meanwhile ${others} computed for ${formatTime(cpu)}${most}: look there, too.`;
}

/** With the name of the thread, where it is one. */
export function describeThread(threads: ShownThreads): string {
  const [only] = threads.shown;
  const one = threads.shown.length === 1 && only !== undefined ? withDistinctNames(threads.all)[only] : undefined;
  return one ? `thread ${threadName(one)}, ${describeShown(threads)}` : describeShown(threads);
}

/** The same of a recording that has just been written; undefined where it has one thread alone. */
export async function describeRecorded(file: string): Promise<string | undefined> {
  const group = await threadGroup(file);
  if (!group) return undefined;
  const all = threadSummaries(group.threads);
  return describeThread({ all, shown: [group.at], ...focusOf(await readInfo(file)) });
}

/** Why it says little that there are no findings; undefined where it says that nothing stands out. */
export function describeNoFindings({ warnings, elsewhere }: Pick<OpenedProfile, 'warnings' | 'elsewhere'>): string | undefined {
  const silence = describeSilence(warnings);
  return elsewhere ? describeElsewhere(elsewhere, silence ?? 'No hot spots in this thread.') : silence;
}
