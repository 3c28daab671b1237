import { formatShare, formatTime, plural, printable } from '../../shared/format';
import { isQueued } from './connection-queue';
import type { Verdict } from './diagnosis';
import { isForRequests, mayBeTogether, type SiteWait } from './site-waits';
import type { DoctorThresholds } from './thresholds';
import type { Vitals } from './vitals';

/** Operations of several places, one after another for each request that a server answers. */
export interface Chain {
  readonly links: readonly SiteWait[];
  readonly perRequest: number;
  /** Of the requests' time. */
  readonly share: number;
}

/** Requests below which an average says nothing. */
const LEAST_REQUESTS = 5;

/** Together they have most of the requests' time and no more than it: where they ran beside each other, they would have more. */
export function chainOf(vitals: Vitals, rows: readonly SiteWait[], { chain, chainShare }: DoctorThresholds): Chain | undefined {
  const { incoming } = vitals;
  if (incoming.count < LEAST_REQUESTS || incoming.total <= 0) return undefined;
  const links = rows.filter((one) => mayBeTogether(one.site) && !isQueued(one.site) && isForRequests(one, vitals) && one.site.finished * 2 >= incoming.count);
  const total = links.reduce((sum, { site }) => sum + site.total, 0);
  const count = links.reduce((sum, { site }) => sum + site.finished, 0);
  const share = total / incoming.total;
  if (links.length < 2 || count < chain * incoming.count || share < chainShare || share > 1.05) return undefined;
  return { links, perRequest: count / incoming.count, share: Math.min(1, share) };
}

export function chained({ links, perRequest, share }: Chain): Verdict {
  const [first] = [...links].sort((a, b) => b.site.total - a.site.total) as [SiteWait];
  const names = [...new Set(links.map(({ site }) => printable(site.target)))].slice(0, 4).join(', ');
  return {
    branch: 'sequential',
    area: 'concurrency',
    level: 'warning',
    title: 'Work is done one after another',
    summary: `${plural(Math.round(perRequest), 'operation')} for each request that it serves (${names}), ${formatTime(first.site.total / Math.max(1, first.site.finished))} each of the longest: together they last ${formatShare(share)} of the requests' time, so each began when the one before was over.`,
    advice: 'Where one does not need the result of the one before, start them together (Promise.all).',
    next: 'line',
    blame: { kind: 'site', site: first.row, wantsLoop: false, frame: whereTheyPart(links) },
  };
}

/** The innermost frame in which all are the same function and not the same line: what calls them one after another. */
function whereTheyPart(links: readonly SiteWait[]): number | undefined {
  const stacks = links.map(({ site }) => site.frames.filter(({ file }) => !/[\\/]node_modules[\\/]/.test(file)));
  const [first] = stacks;
  const row = first?.findIndex(
    (frame, at) =>
      stacks.every((stack) => stack[at]?.file === frame.file && stack[at]?.name === frame.name) && new Set(stacks.map((stack) => stack[at]?.line)).size > 1,
  );
  return row === undefined || row < 0 ? undefined : row;
}
