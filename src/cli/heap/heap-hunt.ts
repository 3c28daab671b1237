import fs from 'node:fs/promises';
import path from 'node:path';
import { aborted } from '../../capture/launch/record-launch';
import { describeLeakReportIssue } from '../../service/hunt/describe-leak-issue';
import type { Exercise } from '../../service/hunt/exercise';
import { huntLeaks } from '../../service/hunt/hunt';
import type { HuntEvent } from '../../service/hunt/hunt-events';
import { reportHunt } from '../../service/hunt/hunt-report';
import { describeTracking } from '../../service/hunt/hunt-tracking';
import { awaitTurn, takeTurn } from '../../service/hunt/hunt-turn';
import { describeCaptureIssue } from '../../service/recording/describe-capture-issue';
import { formatBytes, formatTime, printableJson } from '../../shared/format';
import type { ProgramInput } from '../../shared/hunt';
import { parseHeader, parseRequest } from '../../shared/hunt-request';
import type { Recipe } from '../../shared/recipe';
import { parseCommand, wholeNumber } from '../arguments';
import { whileRunning } from '../broken-pipe';
import { type EnterLines, enterLines } from '../enter-lines';
import { Exit, UsageError } from '../exit-codes';
import { recipeOf, splitArguments } from '../recipe';
import { exitCodeOf, launching } from '../recording';
import { clearProgress, note, progress, step } from '../terminal';
import { tellHunt } from './heap-leaks';
import { threadFile } from './heap-load';

const valued = [
  '--request',
  '--header',
  '--command',
  '--call',
  '--args',
  '--times',
  '--warmup',
  '--attach',
  '--pid',
  '--out',
  '--node',
  '--thread',
  '--process',
  '--next',
];

/** `plateau heap hunt [options] -- COMMAND…` */
export async function heapHunt(args: string[]): Promise<Exit> {
  const { own, target } = splitArguments(args, valued);
  const { values } = parseCommand({
    args: own,
    options: {
      request: { type: 'string' },
      header: { type: 'string', multiple: true },
      command: { type: 'string' },
      call: { type: 'string' },
      args: { type: 'string' },
      times: { type: 'string' },
      warmup: { type: 'string' },
      'no-track': { type: 'boolean' },
      attach: { type: 'string' },
      pid: { type: 'string' },
      thread: { type: 'string' },
      process: { type: 'string' },
      out: { type: 'string' },
      node: { type: 'string' },
      next: { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  const times = wholeNumber('times', values.times, 1, 100_000) ?? 31;
  const warmup = wholeNumber('warmup', values.warmup, 1, 100_000) ?? times;
  if (values.next !== undefined) return goOn(values.next, args.length);
  const isLaunched = values.attach === undefined && values.pid === undefined;
  const lines = enterLines();
  const cancel = new AbortController();
  const abort = (): void => cancel.abort();
  const exercise = exerciseOf(values, (input) => handTurn(lines, input, isLaunched, cancel));
  const recipe =
    values.call === undefined
      ? recipeOf(target, { attach: values.attach, pid: wholeNumber('pid', values.pid, 1), seconds: undefined }, 'heap hunt')
      : callRecipe(values.call, values.args ?? '');
  if (values.call !== undefined && (target.length > 0 || values.attach !== undefined || values.pid !== undefined))
    throw new UsageError('--call runs the module by itself; it takes no command, --attach or --pid.');
  if (values.call === undefined && values.args !== undefined) throw new UsageError('--args goes with --call.');

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) process.on(signal, abort);
  const forget = whileRunning(abort);
  const hunted = await huntLeaks({
    recipe,
    exercise,
    times,
    warmup,
    tracksAllocations: values['no-track'] !== true,
    wanted: values.thread === undefined && values.process === undefined ? undefined : { thread: values.thread, process: values.process },
    nodePath: values.node ?? 'node',
    ...launching({ json: values.json }),
    folder: path.resolve(values.out ?? path.join('.plateau', 'profiles')),
    cancel: cancel.signal,
    onEvent: teller(times * 2 + warmup, exercise.kind === 'by-hand'),
  }).finally(() => {
    lines.close();
    forget();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) process.off(signal, abort);
  });
  clearProgress();
  if (!hunted.ok) {
    note(`plateau: ${hunted.error.kind === 'cancelled' ? 'The hunt was cancelled; nothing was kept.' : describeCaptureIssue(hunted.error)}`);
    return exitCodeOf(hunted.error);
  }
  progress('Comparing the snapshots');
  const result = reportHunt(hunted.value, [process.cwd()], threadFile);
  clearProgress();
  if (!result.ok) {
    note(`plateau: ${describeLeakReportIssue(result.error)}`);
    return Exit.Input;
  }
  const file = path.join(hunted.value.folder, 'result.hunt.json');
  await fs
    .writeFile(file, `${printableJson(result.value, 1)}\n`, { mode: 0o600 })
    .catch((error: Error) => note(`plateau: ${file} could not be written: ${error.message}.`));
  const code = await tellHunt(result.value, values.json === true);
  if (!values.json) note(`Snapshots and result: ${hunted.value.folder}`);
  return code;
}

/** How often is looked whether the program has begun to read the terminal. */
const LOOK_MS = 500;

/** Waits until somebody has exercised the program: for Enter, or, where that is the program's own, for `plateau heap hunt --next`. */
async function handTurn(lines: EnterLines, input: ProgramInput, isLaunched: boolean, cancel: AbortController): Promise<void> {
  const other = `in another terminal: plateau heap hunt --next ${process.pid}`;
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, cancel.signal]);
  const ended = aborted(signal);
  const turn = awaitTurn(signal).then(() => 'turn' as const);
  /** What is typed goes to the program alone from then on. */
  const taken = async (): Promise<'taken'> => {
    while (!signal.aborted) {
      if (isLaunched && (await input.isRead())) return 'taken';
      await Promise.race([new Promise((resolve) => setTimeout(resolve, LOOK_MS)), ended]);
    }
    return new Promise(() => {});
  };
  try {
    if (isLaunched) await new Promise((resolve) => setTimeout(resolve, LOOK_MS)); // it may just have been started
    const isTaken = isLaunched && (await input.isRead());
    note(
      isTaken
        ? `Exercise the program now. It reads the terminal, so Enter is its own; when you are done, ${other}`
        : 'Exercise the program now, then press Enter.',
    );
    const what = isTaken ? await turn : await Promise.race([turn, taken(), lines.isReleased ? new Promise<never>(() => {}) : lines.next()]);
    if (what === 'taken') {
      lines.release();
      note(`The program reads the terminal now, so Enter is its own. When you are done, ${other}`);
      await turn;
    }
    if (what !== false || cancel.signal.aborted) return;
    note('plateau: standard input has ended, and Enter was to be pressed once more. Press it after the warm-up and after each of the two rounds.');
    cancel.abort();
  } finally {
    over.abort();
  }
}

/** `--next PID` */
function goOn(text: string, words: number): Exit {
  const pid = wholeNumber('next', text, 1);
  if (pid === undefined || words > 2) throw new UsageError('--next takes the number that the waiting hunt has printed, and nothing else.');
  if (takeTurn(pid)) return Exit.Fine;
  note(`plateau: No hunt waits in process ${pid}. It tells the number when it waits.`);
  return Exit.Input;
}

/** From so many milliseconds of an exercise on it is said how long the hunt takes. */
const SLOW_MS = 500;

/** Each phase on a line, progress within it on one that is replaced. `exercises` are those of the whole hunt. */
function teller(exercises: number, isByHand: boolean): (event: HuntEvent) => void {
  let what = '';
  let since = 0;
  let hasTold = isByHand;
  /** The end of round two, where it is too late to tell, and V8 may be slower for our sake. */
  let isLast = false;
  return (event) => {
    switch (event.kind) {
      case 'phase': {
        const before = what;
        what = {
          starting: 'Starting',
          'warming-up': 'Warming up',
          exercising: `Round ${event.round} of 2`,
          snapshot: `Snapshot ${event.round} of 3`,
          ranking: 'Ranking',
        }[event.phase];
        since = performance.now();
        isLast = event.phase === 'exercising' && event.round === 2;
        // The warm-up begins twice: once to find the thread that answers.
        return before === what ? progress(what) : step(what);
      }
      case 'exercised': {
        const each = (performance.now() - since) / event.done;
        // The very first one waits until the program is ready.
        if (!hasTold && !isLast && event.of > 1 && each >= SLOW_MS) {
          note(
            `One exercise takes ${formatTime(each * 1000)}, so ${exercises} of them take about ${formatTime(each * exercises * 1000)}. --times and --warmup ask for fewer.`,
          );
          hasTold = true;
        }
        return progress(`${what}: ${event.done} of ${event.of}`);
      }
      case 'pausing':
        return progress(`${what}: ${formatBytes(event.heapUsed)}, stops the program for about ${formatTime(event.pauseMs * 1000)}`);
      case 'progress':
        return progress(`${what}: ${Math.floor(event.share * 100)} %`);
      case 'tracking': {
        const text = describeTracking(event.plan);
        return text === undefined ? undefined : note(text);
      }
      case 'sample':
        return;
    }
  };
}

function exerciseOf(
  values: { request?: string | undefined; header?: string[] | undefined; command?: string | undefined; call?: string | undefined },
  next: (input: ProgramInput) => Promise<void>,
): Exercise {
  const ways = [values.request, values.command, values.call].filter((way) => way !== undefined);
  if (ways.length > 1) throw new UsageError('plateau heap hunt takes one of --request, --command and --call.');
  if (values.header && values.request === undefined) throw new UsageError('--header goes with --request.');
  if (values.request !== undefined) return requestOf(values.request, values.header ?? []);
  if (values.command !== undefined) return { kind: 'command', command: values.command, cwd: process.cwd() };
  return values.call === undefined ? { kind: 'by-hand', next } : { kind: 'call' };
}

function requestOf(text: string, headers: readonly string[]): Exercise {
  const sent = headers.map((one) => {
    const header = parseHeader(one);
    // It may be a secret, so it is not said again.
    if (!header) throw new UsageError("--header takes 'NAME: VALUE', as 'authorization: Bearer …'.");
    return header;
  });
  const request = parseRequest(text, sent);
  if (!request || !URL.canParse(request.url)) throw new UsageError(`--request takes 'METHOD URL [BODY]', as 'GET http://127.0.0.1:8080/', not "${text}".`);
  return request;
}

/** `src/orders.ts#match`, `src/orders.ts` for the default export. */
function callRecipe(text: string, args: string): Recipe {
  const at = text.lastIndexOf('#');
  const file = path.resolve(at < 0 ? text : text.slice(0, at));
  const name = at < 0 ? 'default' : text.slice(at + 1);
  if (name === '') throw new UsageError('--call takes FILE#EXPORT.');
  return { kind: 'loop', file, exported: { name }, args, constructorArgs: '', warmupMs: 0, durationMs: 0, cwd: process.cwd() };
}
