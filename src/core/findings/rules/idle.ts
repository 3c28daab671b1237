import { formatCount, formatShare, formatTime, plural } from '../../../shared/format';
import { isMostlyIdle, type Rule } from '../evidence';
import { interval } from '../interval';

/** Mostly idle: this is waiting, not computing, which a CPU profile cannot explain. Shares are of the recorded time. */
export const idle: Rule = (evidence) => {
  if (!isMostlyIdle(evidence)) return [];
  const { totals } = evidence;
  const share = totals.idle / (totals.active + totals.idle);
  const { low, high } = interval(share, totals.samples);
  const samples = totals.samples - totals.activeSamples;
  return [
    {
      rule: 'mostly-idle',
      level: 'info',
      share,
      cost: totals.idle,
      samples,
      functions: [],
      blame: undefined,
      title: 'Mostly waiting',
      summary: `The program was idle for ${formatShare(share)} of the recorded time (${(low * 100).toFixed(1)}–${formatShare(high)} with 95 % confidence), ${formatTime(totals.idle)} in ${plural(samples, 'sample')}. All other shares are of the ${formatTime(totals.active)} in which it computed (${formatCount(totals.activeSamples)} samples).`,
      advice:
        'If it is slow, it waits: for the network, the disk, a database or a timer. Time its awaits and requests instead, or record while it is under load.',
    },
  ];
};
