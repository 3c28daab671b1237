import fs from 'node:fs/promises';
import path from 'node:path';
import { scriptsFile } from '../capture/attach/heap-snapshot';
import type { LaunchedProcess } from '../capture/session/spawn';
import { describeRecorded } from '../service/profile/shown-threads';
import { describeCapture } from '../service/recording/describe-capture';
import { describeCaptureIssue } from '../service/recording/describe-capture-issue';
import { keepRecording, keepRecordingAs, type Recorded, record } from '../service/recording/record';
import { infoFile } from '../service/recordings/sidecar';
import { formatCount, formatShare, formatTime, inShell, printableJson } from '../shared/format';
import { parseCommand } from './arguments';
import { Exit, UsageError } from './exit-codes';
import { heapTypes, recordHeapCommand } from './heap/record-heap';
import { splitArguments } from './recipe';
import {
  askedFor,
  cannotKeepIn,
  exitCodeOf,
  intervalOf,
  launching,
  misplacedExit,
  profilesFolder,
  recordingOptions,
  safetyOf,
  tellPath,
  underControl,
} from './recording';
import { runnable } from './runnable';
import { note, write } from './terminal';

export const run = runnable('record', recordCommand);

async function recordCommand(args: string[]): Promise<Exit> {
  const { own, target } = splitArguments(args);
  const { values } = parseCommand({
    args: own,
    options: {
      type: { type: 'string' },
      ...recordingOptions,
      force: { type: 'boolean' },
      collected: { type: 'boolean' },
      thread: { type: 'string' },
      process: { type: 'string' },
    },
  });
  const type = values.type ?? 'cpu';
  const isHeap = (heapTypes as readonly string[]).includes(type);
  if (type !== 'cpu' && !isHeap) throw new UsageError(`--type takes cpu, ${heapTypes.join(', ')}, not "${type}".`);
  const { thread, process: wantedProcess } = values;
  const wanted = thread === undefined && wantedProcess === undefined ? undefined : { thread, process: wantedProcess };
  if (!isHeap && wanted) throw new UsageError('--thread and --process go with --type heap, snapshot and allocations; of a CPU recording all threads are kept.');
  if (!isHeap && values.collected) throw new UsageError('--collected goes with --type heap.');
  const interval = isHeap ? 0 : intervalOf(values);
  const safety = safetyOf(values);
  const { recipe, nodePath, seconds } = askedFor('record', target, values);
  for (const file of values.out === undefined || values.force ? [] : writtenFiles(values.out, type)) {
    if (!(await exists(file))) continue;
    note(`plateau: ${file}${file === values.out ? '' : ', which comes with it,'} exists already; give another --out, or --force to overwrite it.`);
    return Exit.Input;
  }

  const refusal = values.out === undefined ? await cannotKeepIn(profilesFolder(), '--out FILE') : await cannotWriteTo(values.out);
  if (refusal) {
    note(`plateau: ${refusal}`);
    return Exit.Input;
  }

  if (isHeap) {
    const { interval: bytes, out, collected = false, json = false } = values;
    return recordHeapCommand(recipe, { type, interval: bytes, collected, out, seconds, nodePath, json, wanted });
  }

  // Until it is kept: one Ctrl+C more, a moment after the program's end, must not lose it.
  const { result, kept } = await underControl(recipe, ['Recording', 'keep'], async (control, onLaunch) => {
    const launched = (program: LaunchedProcess): void => {
      onLaunch(program);
      void findingsPart();
    };
    const recorded = await record({ recipe, nodePath, ...launching(values, launched), capture: { interval, seconds, ...safety, ...control } });
    if (!recorded.ok) return { result: recorded, kept: recorded };
    return {
      result: recorded,
      kept: await (values.out === undefined ? keepRecording(profilesFolder(), recorded.value) : keepRecordingAs(values.out, recorded.value)),
    };
  });
  if (!result.ok) {
    note(`plateau: ${describeCaptureIssue(result.error)}`);
    return exitCodeOf(result.error);
  }
  if (!kept.ok) {
    note(`plateau: ${describeCaptureIssue(kept.error)}`);
    return exitCodeOf(kept.error);
  }
  const { value: file, misplaced } = kept.value;
  await tell(file, result.value, values.json === true);
  return misplacedExit(misplaced, file);
}

/** A bundle of its own: it takes as long to load as all that a launch needs, and the program runs meanwhile. */
const findingsPart = () => import('./findings');

async function tell(file: string, { info, capture }: Recorded, json: boolean): Promise<void> {
  const { headline, exit } = info;
  const { findingsOf, headlines } = await findingsPart();
  const findings = await findingsOf(file);
  if (json) {
    await write(`${printableJson({ schema: 'plateau/record/1', file, ...info, sources: undefined, findings }, 1)}\n`);
    return;
  }
  if (exit && exit.code !== 0) note(`The program ended with ${exit.signal ?? `exit code ${exit.code}`}; its profile is kept.`);
  for (const gap of describeCapture(capture)) note(gap);
  const top = headline.top ? `, ${formatShare(headline.top.selfShare)} of it in ${headline.top.name}` : '';
  note(`${formatTime(headline.duration)} recorded, ${formatCount(headline.samples)} samples; ${formatTime(headline.active)} active${top}`);
  const shown = await describeRecorded(file);
  if (shown !== undefined) note(`That is ${shown}. plateau analyze ${inShell(file)} --thread all shows them together.`);
  for (const line of headlines(findings)) note(line);
  await tellPath(file, info.recipe);
}

/** Everything that a recording of a type writes: what it is told by stands beside it, as the scripts of a snapshot do. */
const writtenFiles = (out: string, type: string): string[] => [
  out,
  infoFile(out),
  ...(type === 'snapshot' || type === 'allocations' ? [scriptsFile(out)] : []),
];

/** Better told before a long recording than after it. */
async function cannotWriteTo(out: string): Promise<string | undefined> {
  const folder = path.dirname(path.resolve(out));
  try {
    if (!(await fs.stat(folder)).isDirectory()) return `${folder} is not a folder; give another --out.`;
    const there = await fs.stat(out).catch(() => undefined);
    if (there && !there.isFile()) return `${out} is no file that could be overwritten; give another --out.`;
    await fs.access(folder, fs.constants.W_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? `the folder ${folder} does not exist; make it, or give another --out.`
      : `${folder} cannot be written to; give another --out.`;
  }
}

const exists = (file: string): Promise<boolean> =>
  fs.access(file).then(
    () => true,
    () => false,
  );
