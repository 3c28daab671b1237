import { plural } from '../../shared/format';
import * as amount from './amount';
import { askHow } from './asking';
import { chained, chainOf } from './chain';
import { answerTime, isQueued } from './connection-queue';
import { crowded } from './crowd';
import type { Turn, Verdict } from './diagnosis';
import { outsideCpu } from './elsewhere';
import { type Measurements, wholeOf } from './measurements';
import { isSentInPieces, sentInPieces } from './pieces';
import { inPool, poolFull } from './pool-verdicts';
import { isForRequests, mayBeTogether, type SiteWait, siteWaits } from './site-waits';
import type { DoctorThresholds } from './thresholds';
import { type TimerWait, timersVerdict, timerWait } from './timer-waits';
import { figure, question } from './turn';
import { unseen, unseenOf } from './unseen';
import * as verdicts from './verdicts';
import type { OperationSite, Vitals } from './vitals';

/** The questions of a program that mostly waits: is work done in sequence, and what does it wait for? */
export function waits(measurements: Measurements, thresholds: DoctorThresholds): { readonly turns: Turn[]; readonly verdict: Verdict } {
  const { vitals, profile } = measurements;
  if (!vitals) return { turns: [], verdict: verdicts.unmeasured(measurements) };
  const { duration } = wholeOf(measurements);
  const rows = siteWaits(vitals, duration);
  const timer = timerWait(vitals, rows, duration, thresholds);
  const sequence = askSequence(vitals, rows, thresholds, { timer, duration });
  if (sequence.verdict) return { turns: [sequence.turn], verdict: sequence.verdict };
  const how = askHow(vitals, rows, profile.totals.duration, thresholds);
  if (how) return { turns: [sequence.turn, how.turn], verdict: how.verdict };
  const what = askWhat(measurements, vitals, rows, thresholds, timer);
  return { turns: [sequence.turn, what.turn], verdict: what.verdict };
}

/** Sequences of which the pauses between take longer are no sequences: those are what is waited for. */
function askSequence(
  vitals: Vitals,
  rows: readonly SiteWait[],
  thresholds: DoctorThresholds,
  { timer, duration }: { readonly timer: TimerWait | undefined; readonly duration: number },
): { turn: Turn; verdict: Verdict | undefined } {
  const { sequence, sequenceShare } = thresholds;
  const several = chainOf(vitals, rows, thresholds);
  const chain = several && several.share > (timer?.share ?? 0) ? several : undefined;
  // Where others hold all threads of the pool, what needs one waits for that, however it is asked for.
  const isStuck = vitals.pool !== undefined && vitals.pool.full >= thresholds.poolShare * duration;
  const candidates = rows
    .filter(({ site }) => mayBeTogether(site) && !isQueued(site) && site.finished >= sequence && !(isStuck && (site.kind === 'file' || site.kind === 'dns')))
    .sort((a, b) => b.share - a.share || b.site.count - a.site.count);
  const found = candidates.find((one) => isSequence(one, vitals, sequence) && one.share >= sequenceShare && one.site.total > (timer?.total ?? 0));
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
          ...(chain
            ? [figure('of several places, for each request', amount.count(chain.perRequest)), figure("of the requests' time", amount.share(chain.share))]
            : []),
          ...(perRequest === undefined ? [] : [figure('for each request', amount.count(perRequest), amount.count(sequence), perRequest >= sequence)]),
        ]
      : [
          figure(
            'repeated operations',
            amount.worded(amount.count(0), () => 'none'),
          ),
        ],
    ['no', 'yes, concurrency'],
    found || chain ? 1 : 0,
    found || chain
      ? 'Each began only when the one before was over, and together they are most of the time.'
      : shown === undefined
        ? 'No operation was repeated often enough to be a sequence.'
        : isSequence(shown, vitals, sequence)
          ? shown.share >= sequenceShare
            ? 'There is a sequence, but the pauses between take longer.'
            : 'There is a sequence, but it takes a small part of the time.'
          : perRequest !== undefined && perRequest < sequence
            ? `Each request that it serves needs fewer than ${sequence} of them, and requests come when its callers send them.`
            : 'Several are on their way at once.',
  );
  return { turn, verdict: found ? (isSentInPieces(found) ? sentInPieces(found) : verdicts.sequential(found, perRequest)) : chain && chained(chain) };
}

/** One at a time; in a server, one at a time for each of its requests. */
function isSequence(wait: SiteWait, vitals: Vitals, least: number): boolean {
  const { site } = wait;
  const { incoming } = vitals;
  if (!isForRequests(wait, vitals)) return site.maxInFlight <= 1;
  // All of them together last no longer than the requests they are made for: none ran beside another.
  return site.count / incoming.count >= least && site.total <= incoming.total * 1.05;
}

/** The start of Node.js and V8's helpers take some, whatever the program does. */
const LEAST_OUTSIDE = 500_000;

function askWhat(
  measurements: Measurements,
  vitals: Vitals,
  rows: readonly SiteWait[],
  thresholds: DoctorThresholds,
  timed: TimerWait | undefined,
): { turn: Turn; verdict: Verdict } {
  const { waitShare, slowAnswer, partlyBusy, bottleneck, outsideShare, poolShare } = thresholds;
  const { totals, own } = measurements.profile;
  const mean = ({ site }: SiteWait): number => (site.finished > 0 ? answerTime(site) : site.busy);
  const byShare = [...rows].sort((a, b) => b.share - a.share);
  const answers = byShare.find((one) => one.site.kind !== 'timer' && one.share >= waitShare && mean(one) >= slowAnswer);
  const timer = timed && (!answers || timed.total > answers.site.total) ? timed : undefined;
  const slow = timer ? undefined : answers;
  const top = own[0] && totals.active > 0 ? own[0].cost / totals.active : 0;
  const [inPackage] = measurements.profile.packages;
  const topOfPackages = inPackage && totals.active > 0 ? inPackage.cost / totals.active : 0;
  const computes = totals.active / totals.duration >= partlyBusy && totals.active >= 1e6 && Math.max(top, topOfPackages) >= bottleneck;
  const cpu = outsideCpu(measurements) ?? 0;
  const isOutside = cpu >= LEAST_OUTSIDE && cpu >= outsideShare * totals.idle;
  const { pool } = vitals;
  const isFull = pool !== undefined && pool.full >= poolShare * totals.duration;
  const pooled = byShare.find(({ site }) => site.kind === 'zlib' || site.kind === 'crypto');
  const computed = pooled && pooled.share >= waitShare ? pooled : undefined;
  const isNative = isOutside || isFull || computed !== undefined;
  const hidden = unseenOf(measurements, vitals, thresholds);
  const taken = isNative ? 3 : slow ? 0 : timer ? 1 : computes ? 2 : hidden ? 5 : 4;
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
      ...(pool && pool.busy > 0
        ? [
            figure('threads of the pool', amount.count(pool.size)),
            figure('at once in the pool', amount.count(pool.most), amount.count(pool.size), pool.most > pool.size),
            figure('more work than threads, of the time', amount.share(Math.min(1, pool.full / totals.duration)), amount.share(poolShare), isFull),
          ]
        : []),
      ...(byShare.length === 0
        ? [
            figure(
              'operations seen',
              amount.worded(amount.count(0), () => 'none'),
            ),
          ]
        : []),
    ],
    ['slow answers, I/O', 'timers', 'it computes in part', 'work outside of JavaScript', 'nothing that is slow', 'not seen'],
    taken,
    [
      'Most of the time passes until one thing answers, and each answer takes long.',
      'Most of the time passes until a timer fires.',
      'It waits for nothing that is slow, and one function has most of what it computes.',
      isFull
        ? 'The threads of the pool had more work than they could do, so everything that needs one waits.'
        : 'The process computed meanwhile, in threads that run no JavaScript.',
      vitals.isListening && vitals.incoming.count === 0
        ? 'It is a server that nobody asked for anything.'
        : 'No answer is slow, no timer is waited for in a row, and the thread has time to spare.',
      'Nothing that is watched was slow, but it explains too little of the waiting.',
    ][taken] as string,
  );
  if (isFull)
    return {
      turn,
      verdict: poolFull(pool, Math.min(1, pool.full / totals.duration), pooled ?? byShare.find(({ site }) => site.kind === 'file' || site.kind === 'dns')),
    };
  if (isNative) return { turn, verdict: computed ? inPool(computed) : verdicts.outside(cpu, totals.idle) };
  if (slow) return { turn, verdict: crowded(verdicts.slowAnswer(slow, mean(slow)), slow.site, vitals) };
  if (timer) return { turn, verdict: timersVerdict(timer) };
  if (computes && inPackage && top < bottleneck) return { turn, verdict: verdicts.hotInPackage(inPackage, topOfPackages, 'warning') };
  if (computes) return { turn, verdict: verdicts.hot(measurements.profile, top, 'warning', vitals.incoming.count) };
  if (hidden) return { turn, verdict: unseen(hidden, totals.idle / totals.duration) };
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

const kindNames: Readonly<Record<OperationSite['kind'], string>> = {
  http: '',
  socket: '',
  dns: 'names of hosts: ',
  file: 'files: ',
  zlib: 'zlib: ',
  crypto: 'crypto: ',
  timer: 'timer of ',
  process: 'process ',
};
const describeSite = ({ site }: SiteWait): string => `${kindNames[site.kind]}${site.target}`;

/** What held the loop open most, by Node.js's names. */
function resourceFigures({ resources }: Vitals): ReturnType<typeof figure>[] {
  const kinds = resources.kinds.filter(({ kind, mean }) => kind !== 'TTYWrap' && kind !== 'PipeWrap' && mean >= 0.05);
  if (kinds.length === 0) return [];
  const shown = [...kinds].sort((a, b) => b.mean - a.mean).slice(0, 3);
  return [figure('open, on average', shown.map(({ kind, mean }) => `${kind} ${mean.toFixed(1)}`).join(', '))];
}
