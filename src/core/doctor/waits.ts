import { plural } from '../../shared/format';
import * as amount from './amount';
import type { Turn, Verdict } from './diagnosis';
import { outsideCpu } from './elsewhere';
import type { Measurements } from './measurements';
import type { DoctorThresholds } from './thresholds';
import { figure, question } from './turn';
import * as verdicts from './verdicts';
import type { OperationSite, Vitals } from './vitals';

export interface SiteWait {
  /** Row in the measurements. */
  readonly row: number;
  readonly site: OperationSite;
  /** Of the recorded time; of a server, of its requests' time where that is more. */
  readonly share: number;
}

/** `localhost`, or an address that only this machine has. */
const loopback = /^\w+ https?:\/\/(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\])(?::(\d+))?(?:\/|$)/;

/** Whether a program asks a server of its own: the requests that this server sees are then its own too. */
function isToSelf({ kind, target }: OperationSite, { incoming }: Vitals): boolean {
  const found = kind === 'http' ? loopback.exec(target) : null;
  return found !== null && incoming.ports.includes(Number(found[1] ?? (target.includes(' https:') ? 443 : 80)));
}

/** The questions of a program that mostly waits: is work done in sequence, and what does it wait for? */
export function waits(measurements: Measurements, thresholds: DoctorThresholds): { readonly turns: Turn[]; readonly verdict: Verdict } {
  const { vitals, profile } = measurements;
  if (!vitals) return { turns: [], verdict: verdicts.unmeasured(measurements) };
  const rows = siteWaits(vitals, profile.totals.duration);
  const sequence = askSequence(vitals, rows, thresholds);
  if (sequence.verdict) return { turns: [sequence.turn], verdict: sequence.verdict };
  const what = askWhat(measurements, vitals, rows, thresholds);
  return { turns: [sequence.turn, what.turn], verdict: what.verdict };
}

function siteWaits(vitals: Vitals, duration: number): SiteWait[] {
  const { incoming } = vitals;
  return vitals.sites.map((site, row) => {
    const own = duration > 0 ? site.busy / duration : 0;
    // Waiting for requests is a server's work: what counts is how long its callers wait.
    const ofRequests = incoming.total > 0 && !isToSelf(site, vitals) ? Math.min(1, site.total / incoming.total) : 0;
    return { row, site, share: Math.max(own, ofRequests) };
  });
}

function askSequence(vitals: Vitals, rows: readonly SiteWait[], { sequence, sequenceShare }: DoctorThresholds): { turn: Turn; verdict: Verdict | undefined } {
  const candidates = rows
    .filter(({ site }) => site.kind !== 'timer' && site.finished >= sequence)
    .sort((a, b) => b.share - a.share || b.site.count - a.site.count);
  const found = candidates.find((one) => isSequence(one, vitals, sequence) && one.share >= sequenceShare);
  const shown = found ?? candidates[0];
  const perRequest = shown && isForRequests(shown, vitals) ? shown.site.count / vitals.incoming.count : undefined;
  const turn = question(
    'sequence',
    'Is work that could go together done one after another?',
    shown
      ? [
          figure(
            shown.site.target,
            amount.worded(amount.count(shown.site.count), () => plural(shown.site.count, 'time')),
            amount.count(sequence),
            shown.site.count >= sequence,
          ),
          figure(
            'at once',
            amount.worded(amount.count(shown.site.maxInFlight), (text) => `${text} at most`),
            amount.count(1),
            shown.site.maxInFlight <= 1,
          ),
          figure('on average', amount.time(shown.site.total / Math.max(1, shown.site.finished))),
          figure('of the time', amount.share(shown.share), amount.share(sequenceShare), shown.share >= sequenceShare),
          ...(perRequest === undefined ? [] : [figure('for each request', amount.count(perRequest), amount.count(sequence), perRequest >= sequence)]),
        ]
      : [
          figure(
            'repeated operations',
            amount.worded(amount.count(0), () => 'none'),
          ),
        ],
    ['no', 'yes, concurrency'],
    found ? 1 : 0,
    found
      ? 'Each began only when the one before was over, and together they are most of the time.'
      : shown === undefined
        ? 'No operation was repeated often enough to be a sequence.'
        : isSequence(shown, vitals, sequence)
          ? 'There is a sequence, but it takes a small part of the time.'
          : perRequest !== undefined && perRequest < sequence
            ? `Each request that it serves needs fewer than ${sequence} of them, and requests come when its callers send them.`
            : 'Several are on their way at once.',
  );
  return { turn, verdict: found ? verdicts.sequential(found, perRequest) : undefined };
}

/** One at a time; in a server, one at a time for each of its requests. */
function isSequence(wait: SiteWait, vitals: Vitals, least: number): boolean {
  const { site } = wait;
  const { incoming } = vitals;
  if (!isForRequests(wait, vitals)) return site.maxInFlight <= 1;
  // All of them together last no longer than the requests they are made for: none ran beside another.
  return site.count / incoming.count >= least && site.total <= incoming.total * 1.05;
}

/** Whether what is done may be done for the requests of others: not what a program asks of its own server. */
const isForRequests = ({ site }: SiteWait, vitals: Vitals): boolean => vitals.incoming.count > 0 && !isToSelf(site, vitals);

/** The start of Node.js and V8's helpers take some, whatever the program does. */
const LEAST_OUTSIDE = 500_000;

function askWhat(measurements: Measurements, vitals: Vitals, rows: readonly SiteWait[], thresholds: DoctorThresholds): { turn: Turn; verdict: Verdict } {
  const { waitShare, slowAnswer, sequence, partlyBusy, bottleneck, outsideShare } = thresholds;
  const { totals, own } = measurements.profile;
  const mean = ({ site }: SiteWait): number => (site.finished > 0 ? site.total / site.finished : site.busy);
  const byShare = [...rows].sort((a, b) => b.share - a.share);
  const slow = byShare.find((one) => one.site.kind !== 'timer' && one.share >= waitShare && mean(one) >= slowAnswer);
  const timer = vitals.isListening ? undefined : byShare.find(({ site, share }) => site.kind === 'timer' && site.finished >= sequence && share >= waitShare);
  const top = own[0] && totals.active > 0 ? own[0].cost / totals.active : 0;
  const computes = totals.active / totals.duration >= partlyBusy && totals.active >= 1e6 && top >= bottleneck;
  const cpu = outsideCpu(measurements) ?? 0;
  const isOutside = cpu >= LEAST_OUTSIDE && cpu >= outsideShare * totals.idle;
  const taken = isOutside ? 3 : slow ? 0 : timer ? 1 : computes ? 2 : 4;
  const turn = question(
    'what',
    'What does it wait for?',
    [
      ...distinct(byShare)
        .slice(0, 3)
        .map(({ one, label }) => figure(label, amount.share(one.share), amount.share(waitShare), one.share >= waitShare)),
      ...byShare
        .slice(0, 1)
        .map((one) => figure('on average', amount.time(mean(one)), one.site.kind === 'timer' ? undefined : amount.time(slowAnswer), mean(one) >= slowAnswer)),
      ...(vitals.incoming.count > 0
        ? [figure('requests served', amount.count(vitals.incoming.count)), figure('each of them', amount.time(vitals.incoming.total / vitals.incoming.count))]
        : []),
      ...resourceFigures(vitals),
      ...(cpu >= LEAST_OUTSIDE ? [figure('CPU time outside of JavaScript', amount.time(cpu), amount.time(outsideShare * totals.idle), isOutside)] : []),
      ...(byShare.length === 0
        ? [
            figure(
              'operations seen',
              amount.worded(amount.count(0), () => 'none'),
            ),
          ]
        : []),
    ],
    ['slow answers, I/O', 'timers', 'it computes in part', 'work outside of JavaScript', 'nothing that is slow'],
    taken,
    [
      'Most of the time passes until one thing answers, and each answer takes long.',
      'Most of the time passes until a timer fires, again and again.',
      'It waits for nothing that is slow, and one function has most of what it computes.',
      'The process computed meanwhile, in threads that run no JavaScript.',
      vitals.isListening && vitals.incoming.count === 0
        ? 'It is a server that nobody asked for anything.'
        : 'No answer is slow, no timer is waited for in a row, and the thread has time to spare.',
    ][taken] as string,
  );
  if (isOutside) return { turn, verdict: verdicts.outside(cpu, totals.idle) };
  if (slow) return { turn, verdict: verdicts.slowAnswer(slow, mean(slow)) };
  if (timer) return { turn, verdict: verdicts.timers(timer) };
  if (computes) return { turn, verdict: verdicts.hot(measurements.profile, top, 'warning') };
  return { turn, verdict: verdicts.healthy(vitals, totals.active / totals.duration) };
}

/**
 * The rows by what they are called. A call that is reached by several stacks, as the first turn of a loop and those
 * after an `await` are, is one: the one with the most time. Other calls of the same name are told by their function.
 */
function distinct(rows: readonly SiteWait[]): { readonly one: SiteWait; readonly label: string }[] {
  const seen = new Set<string>();
  const labels = new Set<string>();
  return rows.flatMap((one) => {
    const [frame] = one.site.frames;
    const name = describeSite(one);
    const key = `${name}\n${frame?.file}:${frame?.line}:${frame?.column}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const label = labels.has(name) && frame ? `${name}, ${frame.name || 'line'}:${frame.line}` : name;
    labels.add(name);
    return [{ one, label }];
  });
}

const kindNames: Readonly<Record<OperationSite['kind'], string>> = { http: '', file: 'files: ', timer: 'timer of ', process: 'process ' };
export const describeSite = ({ site }: SiteWait): string => `${kindNames[site.kind]}${site.target}`;

/** What held the loop open most, by Node.js's names. */
function resourceFigures({ resources }: Vitals): ReturnType<typeof figure>[] {
  const kinds = resources.kinds.filter(({ kind, mean }) => kind !== 'TTYWrap' && kind !== 'PipeWrap' && mean >= 0.05);
  if (kinds.length === 0) return [];
  const shown = [...kinds].sort((a, b) => b.mean - a.mean).slice(0, 3);
  return [figure('open, on average', shown.map(({ kind, mean }) => `${kind} ${mean.toFixed(1)}`).join(', '))];
}
