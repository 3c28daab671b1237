import type { Scaling } from '../../shared/comparison-scale';
import { formatCount, formatTime } from '../../shared/format';
import type { ReadProfile } from '../profile/import-profile';
import type { RecordingInfo } from '../recordings/recording-info';
import type { Metric } from './compare-report';

/** A file that was read as a run of one side. */
export interface ReadRun {
  readonly file: string;
  readonly read: ReadProfile;
  readonly info: RecordingInfo | undefined;
}

/** What makes a difference that the code did not make. Sentences. */
export function comparabilityWarnings(before: readonly ReadRun[], after: readonly ReadRun[], scaling: Scaling): string[] {
  const warnings: string[] = [];
  const differ = <T>(what: (run: ReadRun) => T | undefined): { readonly before: T; readonly after: T } | undefined => {
    const [first, second] = [unique(before, what), unique(after, what)];
    return first !== undefined && second !== undefined && first !== second ? { before: first, after: second } : undefined;
  };
  const interval = differ(({ info }) => info?.interval);
  if (interval)
    warnings.push(
      `The sampling intervals differ (${formatTime(interval.before)} before, ${formatTime(interval.after)} after): a shorter one costs the program more.`,
    );
  const node = differ(({ info }) => info?.node);
  if (node) warnings.push(`The runs are of Node.js ${node.before} before and ${node.after} after: that alone changes what functions cost.`);
  const calls = differ(({ info }) => info?.loop?.calls);
  if (calls && scaling !== 'call' && scaling !== 'share')
    warnings.push(
      `The loop made ${formatCount(calls.before)} calls before and ${formatCount(calls.after)} after, in about the same time; --scale call compares calls.`,
    );
  if (scaling === 'raw' && before.length !== after.length)
    warnings.push(`Costs are sums of ${before.length} runs before and ${after.length} after; --scale run compares runs.`);
  if (scaling === 'share') warnings.push('Shares are compared: a function has a larger one also where only the rest has become faster.');
  return warnings;
}

/** Of recordings of a loop, which ran for a given time, what decides: how often it ran. Undefined for other ones. */
export function loopMetrics(before: readonly ReadRun[], after: readonly ReadRun[]): readonly Metric[] | undefined {
  const [first, second] = [before, after].map((runs) => runs.flatMap(({ info }) => info?.loop?.rate.mean ?? []));
  if (first?.length !== before.length || second?.length !== after.length) return undefined;
  return [{ name: 'calls a second', unit: 'calls/s', before: first, after: second, floor: 0, isRate: true }];
}

/** What all runs of a side say; undefined where they differ, or one says nothing. */
function unique<T>(runs: readonly ReadRun[], what: (run: ReadRun) => T | undefined): T | undefined {
  const [first, ...rest] = runs.map(what);
  return rest.every((one) => one === first) ? first : undefined;
}
