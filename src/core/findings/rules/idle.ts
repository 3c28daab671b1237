import { markedCode } from '../../../shared/code-text';
import { formatCount, formatShare, formatTime, inShell, plural } from '../../../shared/format';
import { Category } from '../../profile/categories';
import { effectiveSamples } from '../../profile/costs/effective-samples';
import { waitingNodes } from '../../profile/costs/waiting';
import { interval } from '../../statistics/share-interval';
import { type Evidence, isMostlyIdle, type Rule } from '../evidence';
import type { Elsewhere } from '../thread-activity';

/** Mostly idle: this is waiting, not computing, which a CPU profile cannot explain. Shares are of the recorded time. */
export const idle: Rule = (evidence) => {
  if (!isMostlyIdle(evidence)) return [];
  const { tables, costs, totals, waited, elsewhere } = evidence;
  const squares = costs.squares.reduce((sum, one, func) => (tables.functions.category[func] === Category.Idle ? sum + one : sum), 0);
  const share = waited / (totals.active + totals.idle);
  return [
    {
      rule: 'mostly-idle',
      level: 'info',
      share,
      cost: waited,
      samples: totals.samples - totals.activeSamples,
      effective: effectiveSamples(totals.idle, squares),
      functions: [],
      blame: undefined,
      ...(elsewhere ? { ...whileOthersCompute(evidence, elsewhere, share), explains: standingBy(evidence) } : waitingAlone(evidence, share)),
    },
  ];
};

function waitingAlone({ totals }: Evidence, share: number) {
  const { low, high } = interval(share, totals.samples);
  const samples = totals.samples - totals.activeSamples;
  return {
    title: 'Mostly waiting',
    summary: `The program was idle for ${formatShare(share)} of the recorded time (${(low * 100).toFixed(1)}–${formatShare(high)} with 95 % confidence), ${formatTime(totals.idle)} in ${plural(samples, 'sample')}. All other shares are of the ${formatTime(totals.active)} in which it computed (${formatCount(totals.activeSamples)} samples).`,
    advice:
      'If it is slow, it waits: for the network, the disk, a database or a timer. Time its awaits and requests instead, or record while it is under load.',
  };
}

/** By function what is a wait and no work, so that nobody is told to call it less often. */
function standingBy({ tables }: Evidence): Map<number, number> {
  const { nodes } = tables;
  const waits = waitingNodes(tables);
  const costs = new Map<number, number>();
  for (let node = 0; node < nodes.length; node++) {
    if (waits[node] !== 1) continue;
    const func = nodes.func[node] as number;
    costs.set(func, (costs.get(func) ?? 0) + (nodes.self[node] as number));
  }
  return costs;
}

/** What it waits for is known: the other threads of the recording. */
function whileOthersCompute({ totals, waited }: Evidence, elsewhere: Elsewhere, share: number) {
  const { count, busiest, busiestCpu, cpu } = elsewhere;
  const others = count === 1 ? 'another thread computes' : `${formatCount(count)} other threads compute`;
  const blocked = waited > totals.idle ? ', part of it in calls that block' : '';
  const most = count === 1 ? ` in ${markedCode(busiest.name)}` : `, ${formatTime(busiestCpu)} of it in ${markedCode(busiest.name)}`;
  return {
    title: `Waiting while ${others}`,
    summary: `This thread waited for ${formatShare(share)} of the recorded time, ${formatTime(waited)}${blocked}. Meanwhile ${others} for ${formatTime(cpu)}${count === 1 ? '' : ' together'}${most}. This thread has ${formatShare(elsewhere.share)} of all CPU time.`,
    advice: `Look at thread ${threadText(busiest)}: the time goes there. Choose it in the header of the profile, or with plateau analyze FILE --thread ${inShell(busiest.name)}.`,
  };
}

/** `task.js (thread 1 of process 4711)`. */
function threadText({ name, thread, process }: Elsewhere['busiest']): string {
  const where = [thread === undefined ? '' : thread === 0 ? 'main thread' : `thread ${thread}`, process === undefined ? '' : `process ${process}`].filter(
    Boolean,
  );
  return `${markedCode(name)}${where.length > 0 ? ` (${where.join(' of ')})` : ''}`;
}
