import { formatBytes, formatCount, inShell, plural } from '../../shared/format';
import type { HuntThread, OtherThread } from '../../shared/hunt';
import { threadText } from '../../shared/thread-choice';
import type { Reached } from './exerciser';
import type { Unserved } from './hunt-served';

/** Whom a hunt has watched, and what ran besides. */
export interface HuntReach {
  readonly watched: HuntThread;
  readonly others: readonly OtherThread[];
  /** Undefined where the exercise is no matter of reaching. */
  readonly reached: Reached | undefined;
  /** Why it may not have done the work; undefined where nothing speaks against it. */
  readonly unserved: Unserved | undefined;
  /** Processes that the watched one has started as a cluster's primary. */
  readonly clusterWorkers: readonly number[];
  /** It was asked for, and no other. */
  readonly isAsked: boolean;
}

/** Bytes: a heap that is at work grows by less between two collections where nothing is kept. */
const LEAST_BYTES = 1024;
/** Of another program. */
const LEAST_OF_PROCESS = 8192;
/** Of threads that do the same as the watched one, in which nothing was found: what they have not done before is compiled meanwhile. */
const LEAST_OF_SAME = 1 << 17;

/** Whether a heap that was not looked at grew in both rounds, as with a leak. */
function hasGrown({ heapBytes, threadId, name }: OtherThread, watched: HuntThread): boolean {
  if (!heapBytes) return false;
  const [first, second, third] = heapBytes;
  const isSame = name === watched.name && (threadId === 0) === (watched.threadId === 0);
  const least = isSame ? LEAST_OF_SAME : threadId > 0 ? LEAST_BYTES : LEAST_OF_PROCESS;
  return second - first >= least && third - second >= least;
}

/** Why it says little that nothing was found in what was watched, and what to do; undefined where nothing speaks against it. */
export function doubtOf({ watched, others, reached, unserved, clusterWorkers, isAsked }: HuntReach): string | undefined {
  const isServing = reached?.evidence === 'requests' || reached?.evidence === 'connections';
  if (reached && !isServing && clusterWorkers.length > 0) {
    const list = clusterWorkers.slice(0, 5).join(', ');
    return `${threadText(watched)} is the primary of a cluster, which only passes connections on to its workers (${list}). Hunt in one of them: --pid ${clusterWorkers[0]}, or start the program with one worker.`;
  }
  if (unserved?.kind === 'elsewhere') {
    const [whose, how] = unserved.pid === undefined ? ['another process', '--pid or --process'] : [`process ${unserved.pid}`, `--pid ${unserved.pid}`];
    return `${threadText(watched)} answered none of the requests: ${whose} did. Hunt in that one, with ${how}.`;
  }
  if (unserved?.kind === 'nobody')
    return `${threadText(watched)} answered no request and took no connection meanwhile, so another process may have done the work. Exercise the process that is watched, or hunt in the other one, with --pid or --process.`;
  // With several threads it is seen to that the watched one has its share.
  if (unserved?.kind === 'some' && others.length === 0 && (reached?.missed ?? 0) === 0)
    return `${threadText(watched)} answered only ${formatCount(unserved.answered)} of ${plural(unserved.sent, 'request')}; the rest went to another process on the same port. End that one, and hunt again.`;
  if (reached?.isPartial) {
    const all = reached.hits + reached.missed;
    return `it did the work of only ${formatCount(reached.hits)} of ${plural(all, 'exercise')}; the rest went to others. Start the program with one worker, and hunt again.`;
  }
  const grown = isAsked ? [] : others.filter((other) => hasGrown(other, watched));
  const [first] = grown;
  if (!first?.heapBytes) return undefined;
  const sizes = first.heapBytes.map(formatBytes).join(' → ');
  const besides = grown.length > 1 ? `, and ${plural(grown.length - 1, 'other')} like it` : '';
  return `the heap of ${threadText(first)}${besides} grew (${sizes}), and was not looked at. ${adviceFor(first, watched)}`;
}

function adviceFor(other: HuntThread, watched: HuntThread): string {
  if (other.threadId > 0) return `Hunt there: --thread ${inShell(/^worker \d+$/.test(other.name) ? String(other.threadId) : other.name)}.`;
  return other.name === watched.name ? 'Start the program with one worker, and hunt again.' : `Hunt there: --process ${inShell(other.name)}.`;
}
