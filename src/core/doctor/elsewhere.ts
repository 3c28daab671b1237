import { formatShare, formatTime, inShell, plural, printable, shorten } from '../../shared/format';
import { computingElsewhere, type Elsewhere } from '../findings/thread-activity';
import { cpuOf } from '../profile/views/threads';
import * as amount from './amount';
import type { Turn, Verdict } from './diagnosis';
import { type Measurements, wholeOf } from './measurements';
import { figure, question } from './turn';

/** What other threads of the recording computed while the one that is judged waited; undefined where that is nothing, or not known. */
export function elsewhereOf(measurements: Measurements): Elsewhere | undefined {
  const { threads } = measurements;
  const [only] = threads?.shown ?? [];
  return threads && computingElsewhere(threads, wholeOf(measurements).idle + (only === undefined ? 0 : (threads.all[only]?.waiting ?? 0)));
}

/**
 * CPU time of the judged process that none of its JavaScript threads used, microseconds: zlib and crypto in
 * libuv's threads, native addons, V8's helpers. A lower bound, for a thread counts as active while it waits for a
 * core. The main thread counts with what the system says where that is more: samples do not see its start, nor the
 * work of its event loop. Undefined where it was not measured.
 */
export function outsideCpu(measurements: Measurements): number | undefined {
  const { vitals, threads } = measurements;
  if (!vitals) return undefined;
  const { active } = wholeOf(measurements);
  const [only] = threads?.shown ?? [];
  const judged = only === undefined ? undefined : threads?.all[only];
  const ofProcess = judged && threads ? threads.all.filter((one) => one.process === judged.process) : [];
  const sampled = judged ? ofProcess.reduce((sum, one) => sum + cpuOf(one), 0) : active;
  const main = ofProcess.find(({ thread }) => thread === 0);
  const sampledOfMain = main ? cpuOf(main) : judged ? 0 : active;
  const own = sampled + Math.max(0, (vitals.cpu.own ?? 0) - sampledOfMain);
  return Math.max(0, vitals.cpu.user + vitals.cpu.system - own);
}

/** A thread that waits: is it for others of the same program? */
export function others(measurements: Measurements): { readonly turn: Turn; readonly verdict: Verdict | undefined } | undefined {
  const { threads } = measurements;
  if (!threads) return undefined;
  const found = elsewhereOf(measurements);
  const turn = question(
    'threads',
    'Do other threads of the program compute meanwhile?',
    [
      figure('other threads', amount.count(threads.all.length - threads.shown.length)),
      ...(found ? [figure('their CPU time', amount.time(found.cpu)), figure('the busiest of them', amount.time(found.busiestCpu))] : []),
    ],
    ['no', 'yes, CPU'],
    found ? 1 : 0,
    found ? 'What this thread waits for is work of the program itself.' : 'They did next to nothing.',
  );
  return { turn, verdict: found && computing(found) };
}

function computing({ count, cpu, busiest, busiestCpu, share, brief }: Elsewhere): Verdict {
  const name = shorten(printable(busiest.name), 60);
  if (brief) return startedForTasks(brief, name.replace(/ \(thread \d+\)$/, ''), cpu);
  const most = count === 1 ? ` in ${name}` : `, ${formatTime(busiestCpu)} of it in ${name}`;
  return {
    branch: 'cpu-elsewhere',
    area: 'CPU',
    level: 'warning',
    title: count === 1 ? 'Another thread computes' : 'Other threads compute',
    summary: `This thread waits, while ${plural(count, 'other')} of the program ${count === 1 ? 'computes' : 'compute'} for ${formatTime(cpu)}${most}. This thread has ${formatShare(share)} of all CPU time.`,
    advice: `Look at the profile of ${name}: choose it in the header, or with plateau analyze FILE --thread ${inShell(name)}.`,
    next: 'flame',
    blame: undefined,
  };
}

/** Many threads of one script that each live shortly: most of what they do is to start. */
function startedForTasks({ count, life }: NonNullable<Elsewhere['brief']>, script: string, cpu: number): Verdict {
  return {
    branch: 'cpu-elsewhere',
    area: 'CPU',
    level: 'warning',
    title: 'A thread is started for every task',
    summary: `${count} threads of ${script} were started, and each lived for ${formatTime(life)} on average; together they took ${formatTime(cpu)} of CPU time, while this thread waited. To start a thread takes some 20 to 50 ms: it makes a heap and loads its modules, before it does anything.`,
    advice:
      'Start as many threads as there are cores once, and send them one task after the other (postMessage, or a pool such as piscina or tinypool); end them when all is done. Small tasks are sent several at a time, or done where they are.',
    next: 'flame',
    blame: undefined,
  };
}
