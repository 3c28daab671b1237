import { plural, printable, shorten } from '../../shared/format';
import type { Verdict } from './diagnosis';
import type { OperationSite, Vitals } from './vitals';

/** Operations of one place on their way at once, from which on they are in each other's way. A pool of some dozens is as fast. */
const MANY = 100;
/** For each request that is served at once: below, it is the callers who are many. */
const PER_REQUEST = 10;

/** Whether one place has very many on their way at once by itself. */
const isCrowd = ({ kind, maxInFlight }: OperationSite, { incoming }: Crowded): boolean =>
  kind !== 'timer' && maxInFlight >= MANY && maxInFlight >= PER_REQUEST * incoming.maxInFlight;

type Crowded = Pick<Vitals, 'sites' | 'incoming'>;

/** The place that had most on their way at once, where those are very many. A timer holds nothing up. */
export function crowdOf(vitals: Crowded): OperationSite | undefined {
  const [most] = vitals.sites.filter((site) => isCrowd(site, vitals)).sort((a, b) => b.maxInFlight - a.maxInFlight);
  return most;
}

const LIMIT = 'Start some dozens at a time (a pool of promises) instead of all with one Promise.all.';

/** A verdict of memory, with what was held at once. */
export function withCrowd(verdict: Verdict, site: OperationSite | undefined): Verdict {
  if (!site) return verdict;
  const target = shorten(printable(site.target), 80);
  return {
    ...verdict,
    summary: `${verdict.summary} Up to ${plural(site.maxInFlight, 'operation')} (${target}) were on their way at once, and each holds what it needs and gives until all are done.`,
    advice: `${LIMIT} ${verdict.advice}`,
  };
}

/** A verdict of slow answers: with so many at once, most of what each takes is the time in which the others are served. */
export function crowded(verdict: Verdict, site: OperationSite, vitals: Crowded): Verdict {
  if (!isCrowd(site, vitals)) return verdict;
  return {
    ...verdict,
    summary: `${verdict.summary} Up to ${site.maxInFlight} were on their way at once, so that each waited for others, too.`,
    advice: `${LIMIT} Then measure again: what is left is the other side's. ${verdict.advice}`,
  };
}
