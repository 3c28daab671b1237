import { formatBytes, formatShare, formatTime } from '../../shared/format';
import * as amount from './amount';
import { crowdOf, withCrowd } from './crowd';
import type { Diagnosis, Turn, Verdict } from './diagnosis';
import { elsewhereOf, others } from './elsewhere';
import { growthOf, type Measurements, wholeOf } from './measurements';
import type { OwnCost } from './profile-summary';
import { type DoctorThresholds, defaultDoctorThresholds } from './thresholds';
import { figure, question } from './turn';
import * as verdicts from './verdicts';
import type { Vitals } from './vitals';
import { waits } from './waits';

/** What a question of the tree comes to: a verdict, or the next question. */
interface Asked {
  readonly turn: Turn;
  readonly verdict: Verdict | undefined;
}

/**
 * Walks the decision tree. Each question either ends in a verdict or leads to the
 * next: faults that make every other figure misleading come first.
 *
 *   enough measured? -- no --> inconclusive, or healthy for a quick program
 *   memory grows? ---- yes --> memory-growth
 *   much GC? --------- yes --> memory-gc
 *   loop held up? ---- yes --> loop-blocked
 *   computes or waits?
 *     computes: one place? --> cpu-hot | cpu-spread
 *     waits: for own threads? -> cpu-elsewhere
 *     waits: in sequence? ---> sequential
 *            for what? ------> io | timers | cpu-elsewhere | healthy
 */
export function diagnose(measurements: Measurements, thresholds: DoctorThresholds = defaultDoctorThresholds): Diagnosis {
  const { turns, verdict } = walk(measurements, thresholds);
  const { exit } = measurements;
  const named = verdicts.withTotals(verdict, measurements.profile);
  return { turns, verdict: exit && hasFailed(exit) ? verdicts.afterFailure(named, exit.signal ?? `exit code ${exit.code}`) : named };
}

/** A sequence whose code tells that it has to be one: another question, and another verdict. */
export function inOrder({ turns, verdict }: Diagnosis): Diagnosis {
  if (verdict.branch !== 'sequential') return { turns, verdict };
  const turn = question(
    'order',
    'Does each need the one before?',
    [],
    ['no', 'yes, I/O'],
    1,
    'What a turn of the loop asks for, or whether there is another, follows from the answer before it.',
  );
  return { turns: [...turns, turn], verdict: verdicts.inOrder(verdict) };
}

/** Whether a program ended with an error. Whoever interrupts or terminates it means no fault of its own. */
function hasFailed({ code, signal }: NonNullable<Measurements['exit']>): boolean {
  return code !== 0 && code !== 130 && code !== 143 && !/^SIG(?:INT|TERM|HUP)$/.test(signal ?? '');
}

function walk(measurements: Measurements, thresholds: DoctorThresholds): Diagnosis {
  const turns: Turn[] = [];
  for (const ask of [enough, growth, garbage, loop, computing]) {
    const { turn, verdict } = ask(measurements, thresholds);
    turns.push(turn);
    if (verdict) return { turns, verdict };
  }
  const known = others(measurements);
  if (known) turns.push(known.turn);
  if (known?.verdict) return { turns, verdict: known.verdict };
  const waiting = waits(measurements, thresholds);
  return { turns: [...turns, ...waiting.turns], verdict: waiting.verdict };
}

const atMost = (text: string): string => `≤ ${text}`;

type Question = (measurements: Measurements, thresholds: DoctorThresholds) => Asked;

const enough: Question = (measurements, { minSamples, minDuration, quick }) => {
  const { profile, vitals, exit, served } = measurements;
  const totals = wholeOf(measurements);
  const cpu = vitals ? vitals.cpu.user + vitals.cpu.system : totals.active;
  // On a busy machine a quick program takes longer, but it does not wait: not for answers, and not for other programs.
  const isAlone = totals.duration < quick * 5 && totals.active / totals.duration >= 0.6 && profile.standing.length === 0;
  // A thread that has little to do is no quick program where others of it compute.
  const isQuick = exit?.code === 0 && elsewhereOf(measurements) === undefined && Math.min(cpu, totals.active) < quick && (totals.duration < quick || isAlone);
  const hasFailedEarly = exit !== undefined && exit.code !== 0 && totals.duration < minDuration && totals.active < quick;
  const isShort = exit === undefined && totals.duration < minDuration;
  const hasNothing = totals.samples < minSamples && (vitals === undefined || totals.duration < minDuration);
  const says = !isQuick && !hasFailedEarly && !isShort && !hasNothing;
  const turn = question(
    'enough',
    'Was enough measured?',
    [
      figure('recorded', amount.time(totals.duration), says ? undefined : amount.worded(amount.time(minDuration), (text) => `${text} or to its end`)),
      ...(served ? [figure('idle before and after the work, left out', amount.time(served.window.leftOut))] : []),
      figure(
        'samples',
        amount.count(totals.samples),
        amount.worded(amount.count(minSamples), (text) => `${text} or more`),
      ),
      figure('CPU time', amount.time(cpu)),
      ...(exit && exit.code !== 0 ? [figure('ended by', exit.signal ?? `exit code ${exit.code}`)] : []),
    ],
    ['yes', isQuick ? 'it is quick' : 'too little'],
    says ? 0 : 1,
    says
      ? 'The recording is long enough to be judged.'
      : isQuick
        ? `The program was done after ${formatTime(cpu)} of CPU time, most of which is the start of Node.js.`
        : hasFailedEarly
          ? 'The program failed before it had done much.'
          : 'A share of so few samples is chance.',
  );
  if (says) return { turn, verdict: undefined };
  return { turn, verdict: isQuick ? verdicts.quick(cpu) : verdicts.tooLittle(hasFailedEarly) };
};

const growth: Question = (measurements, { growthBytes, growthShare, growthLast, growthDuration }) => {
  const found = growthOf(measurements);
  const { exit, heap, vitals, isWorker } = measurements;
  const limit = Math.max(growthBytes, (found?.first ?? 0) * growthShare);
  // A program that does its work and ends gives everything back: growth is then its data.
  const goesOn = exit === undefined || exit.code !== 0 || wasIdle(measurements, 0.2);
  const grows = found !== undefined && goesOn && found.duration >= growthDuration && found.total >= limit && found.last >= found.total * growthLast;
  const turn = question(
    'growth',
    'Does live memory keep growing?',
    found === undefined
      ? [figure('live memory', 'not measured')]
      : [
          figure('live at first', amount.worded(amount.bytes(found.first), atMost)),
          figure('later', amount.worded(amount.bytes(found.middle), atMost)),
          figure('at the end', amount.bytes(found.live)),
          figure(
            'growth',
            amount.worded(amount.bytes(found.total), (text) => (found.total > 0 ? `≥ ${text}` : 'none')),
            amount.bytes(limit),
            found.total >= limit,
          ),
        ],
    ['no', 'yes, memory'],
    grows ? 1 : 0,
    found === undefined
      ? heap && vitals
        ? 'The loop hardly turned, so there is no series of readings to compare.'
        : isWorker
          ? 'The memory of a worker thread is not measured.'
          : 'The program could not be asked for its memory at the end.'
      : grows
        ? `After all garbage was collected, ${formatBytes(found.total)} more were alive than in the first third, and it still grew at the end.`
        : found.total < limit
          ? 'What is alive after a full collection has hardly grown.'
          : !goesOn
            ? 'It grew, but the program did its work and ended: that is its data, not a leak.'
            : found.duration < growthDuration
              ? 'It grew, but for too short a time to be a trend.'
              : 'It grew and then stopped growing, as a cache does that fills up.',
  );
  return { turn, verdict: grows ? verdicts.growing(measurements, found) : undefined };
};

const garbage: Question = ({ profile, vitals }, { gc, gcCause, minSamples }) => {
  const { totals, own } = profile;
  const share = totals.active > 0 ? totals.gc / totals.active : 0;
  const largest = totals.active > 0 ? (own[0]?.cost ?? 0) / totals.active : 0;
  // By the clock, a thread that waits for a core on a busy machine is active, and its collections are long.
  const active = vitals ? Math.min(totals.active, vitals.cpu.user + vitals.cpu.system) : totals.active;
  const matters = totals.effectiveSamples >= minSamples && totals.gc >= 100_000 && active / totals.duration >= 0.2;
  // Without any of it, a program that waits for longer would hardly be done sooner; a server waits for its callers.
  const serves = vitals !== undefined && (vitals.isListening || vitals.incoming.count > 0);
  const isMost = serves || totals.gc * 2 >= totals.idle;
  const isCause = matters && isMost && share >= gc && (share >= gcCause || share >= largest);
  const pauses = vitals?.gc.reduce((sum, { count }) => sum + count, 0) ?? 0;
  const longest = vitals?.gc.reduce((most, one) => Math.max(most, one.longest), 0) ?? 0;
  const turn = question(
    'gc',
    'Does garbage collection take much of the time?',
    [
      figure('of active time', amount.share(share), amount.share(gc), share >= gc),
      figure('in all', amount.time(totals.gc)),
      ...(pauses > 0 ? [figure('pauses', amount.count(pauses)), figure('longest', amount.time(longest))] : []),
      ...(own[0] ? [figure('largest function', amount.share(largest))] : []),
    ],
    ['no', 'yes, memory'],
    isCause ? 1 : 0,
    isCause
      ? 'More time goes into collecting garbage than a program with an even use of memory needs.'
      : share >= gc && matters && isMost
        ? 'It is visible, but a function of yours takes more: that comes first, and may cause it.'
        : 'It is no part of the problem.',
  );
  return { turn, verdict: isCause ? withCrowd(verdicts.pressure(profile, share), vitals && crowdOf(vitals)) : undefined };
};

const loop: Question = ({ profile, vitals, isWorker }, { block, blockShare, blockAlone, hot, busy }) => {
  const { totals } = profile;
  // A process that only waits for a core is not blocked by its own work.
  const stretches = (vitals?.blocks.longest ?? []).map((one) => ({ ...one, length: Math.min(one.end - one.start, one.cpu) }));
  const all = stretches.filter(({ length }) => length >= block);
  const starved = stretches.filter(({ start, end, length }) => length < block && end - start >= block).length;
  const long = all.filter(({ waiting }) => waiting > 0);
  const alone = all.filter(({ waiting }) => waiting === 0);
  const total = long.reduce((sum, { length }) => sum + length, 0);
  const longest = long.reduce((most, { length }) => Math.max(most, length), 0);
  const elapsed = long.reduce((most, { start, end }) => Math.max(most, end - start), 0);
  const share = totals.duration > 0 ? total / totals.duration : 0;
  const standing = profile.standing.reduce((sum, { cost }) => sum + cost, 0);
  const stands = totals.active > 0 && standing / totals.active >= hot && standing >= blockAlone && standing / totals.duration >= hot;
  const isBlocked = share >= blockShare && (long.length >= 3 || longest >= blockAlone);
  const delay = vitals?.delay;
  const turn = question(
    'loop',
    'Did single tasks hold up the event loop?',
    [
      figure('CPU time in stretches without a turn, of the time recorded', amount.share(share), amount.share(blockShare), share >= blockShare),
      figure(`stretches with over ${formatTime(block)} of CPU time`, amount.count(long.length), undefined, long.length > 0 || undefined),
      figure('CPU time in the longest', amount.time(longest), amount.time(blockAlone), longest >= blockAlone),
      ...(long.length > 0 ? [figure('the longest by the clock', amount.time(elapsed), amount.time(blockAlone), elapsed >= blockAlone)] : []),
      ...(alone.length > 0
        ? [
            figure('such stretches while nothing else was open', amount.count(alone.length)),
            figure('CPU time in the longest of them', amount.time(alone.reduce((most, one) => Math.max(most, one.length), 0))),
          ]
        : []),
      ...(starved > 0 ? [figure('stretches with little CPU time', amount.count(starved))] : []),
      ...(delay && delay.count >= LEAST_TURNS ? [figure('delay p50', amount.time(delay.p50)), figure('p99', amount.time(delay.p99))] : []),
      ...(standing > 0 ? [figure('in synchronous children', amount.time(standing))] : []),
    ],
    ['no', 'yes, concurrency'],
    isBlocked || stands ? 1 : 0,
    stands
      ? 'The thread was blocked until another program was done: it neither computed nor served anything else.'
      : isBlocked
        ? 'Timers, sockets or requests that were open had to wait until a single task was done.'
        : vitals === undefined
          ? isWorker
            ? 'The event loop of a worker thread is not measured.'
            : 'The program could not be asked.'
          : whyNot(long.length, alone.length, vitals, totals.active / totals.duration >= busy),
  );
  if (stands) return { turn, verdict: verdicts.standing(profile, standing) };
  return { turn, verdict: isBlocked ? verdicts.blocked(profile, { total, longest, elapsed, count: long.length, share }) : undefined };
};

/** Turns of the loop below which the percentiles of its delay are chance. */
const LEAST_TURNS = 20;

/** Why the loop is not what is wrong, by what was seen of it. */
function whyNot(long: number, alone: number, { isListening, incoming, delay }: Vitals, isBusy: boolean): string {
  if (long > 0) return 'There were such stretches, too few of them to matter.';
  const serves = isListening || incoming.count > 0;
  if (alone > 0 && !serves) return 'The loop was blocked for long, but nothing else was open: a program that only computes blocks nobody.';
  if (alone > 0) return 'The loop was blocked for long only while nothing was open.';
  if (isBusy && serves) return 'The thread was busy, but with tasks that are each short: the others had their turn between them.';
  if (isBusy && delay.count < LEAST_TURNS) return 'The loop hardly turned, and nothing else was waiting: a program that only computes blocks nobody.';
  return isBusy ? 'The thread was busy, but with tasks that are each short.' : 'The loop turned freely.';
}

const computing: Question = ({ profile, vitals }, { busy, hot, bottleneck }) => {
  const { totals, own } = profile;
  // Of what was sampled: while a busy machine gives the process no turn, it neither computes nor waits.
  const share = totals.active / Math.max(1, totals.active + totals.idle);
  const cpu = vitals ? vitals.cpu.user + vitals.cpu.system : undefined;
  const [top] = own;
  const topShare = totals.active > 0 ? costOf(top, profile.largest?.self) / totals.active : 0;
  const isBusy = share >= busy;
  const isHot = isBusy && topShare >= hot;
  const [inPackage] = profile.packages;
  const packageShare = totals.active > 0 ? (inPackage?.cost ?? 0) / totals.active : 0;
  const isInPackage = isBusy && !isHot && inPackage !== undefined && packageShare >= hot;
  const turn = question(
    'computing',
    'Does the thread compute, or wait?',
    [
      figure('event-loop utilisation', amount.share(share), amount.share(busy), isBusy),
      ...(cpu === undefined ? [] : [figure('CPU time', amount.time(cpu))]),
      ...(isBusy ? [figure('largest function', amount.share(topShare), amount.share(hot), isHot)] : []),
      ...(isInPackage ? [figure('largest function with packages', amount.share(packageShare), amount.share(hot), true)] : []),
    ],
    ['computes in one place', 'computes, spread', 'waits'],
    isHot || isInPackage ? 0 : isBusy ? 1 : 2,
    isHot
      ? 'The thread was hardly ever idle, and one function dominates.'
      : isInPackage
        ? 'The thread was hardly ever idle, and one function of a package dominates, to which no code of yours leads: it runs after an await, or is called by another package.'
        : isBusy
          ? 'The thread was hardly ever idle, and no function dominates.'
          : `The thread was idle for ${formatShare(1 - share)} of the time.`,
  );
  if (!isBusy) return { turn, verdict: undefined };
  if (isInPackage) return { turn, verdict: verdicts.hotInPackage(inPackage, packageShare, packageShare >= bottleneck ? 'error' : 'warning') };
  return {
    turn,
    verdict: isHot ? verdicts.hot(profile, topShare, topShare >= bottleneck ? 'error' : 'warning', vitals?.incoming.count) : verdicts.spread(profile, topShare),
  };
};

const costOf = (top: OwnCost | undefined, largest = 0): number => Math.max(top?.cost ?? 0, top === undefined ? largest : 0);

function wasIdle(measurements: Measurements, least: number): boolean {
  const { idle, duration } = wholeOf(measurements);
  return idle / duration >= least;
}
