import fs from 'node:fs/promises';
import path from 'node:path';
import { scriptsFile } from '../capture/heap-snapshot';
import { launch } from '../capture/spawn';
import { describeCaptureIssue, describeGaps } from '../service/describe-issue';
import { keepRecording, nodeScript, type Recorded, record } from '../service/record';
import { infoFile } from '../service/recordings';
import { targetFiles } from '../service/target-files';
import { formatCount, formatShare, formatTime } from '../shared/format';
import type { Recipe } from '../shared/recipe';
import { ok } from '../shared/result';
import { parseCommand, wholeNumber } from './arguments';
import { Exit, UsageError } from './exit-codes';
import { findingsOf, headlines } from './findings';
import { heapTypes, recordHeapCommand } from './record-heap';
import { cannotKeepIn, exitCodeOf, onInterrupt, profilesFolder } from './recording';
import { runnable } from './runnable';
import { clearProgress, note, progress, write } from './terminal';

export const run = runnable('record', recordCommand);

async function recordCommand(args: string[]): Promise<Exit> {
  const { own, target } = splitArguments(args);
  const { values } = parseCommand({
    args: own,
    options: {
      type: { type: 'string' },
      interval: { type: 'string' },
      out: { type: 'string' },
      force: { type: 'boolean' },
      seconds: { type: 'string' },
      attach: { type: 'string' },
      pid: { type: 'string' },
      node: { type: 'string' },
      collected: { type: 'boolean' },
      json: { type: 'boolean' },
    },
  });
  const type = values.type ?? 'cpu';
  const isHeap = (heapTypes as readonly string[]).includes(type);
  if (type !== 'cpu' && !isHeap) throw new UsageError(`--type takes cpu, ${heapTypes.join(', ')}, not "${type}".`);
  if (!isHeap && values.collected) throw new UsageError('--collected goes with --type heap.');
  const interval = isHeap ? 1000 : (wholeNumber('interval', values.interval, 50, 1_000_000) ?? 1000);
  const seconds = wholeNumber('seconds', values.seconds, 1, 86_400);
  const nodePath = values.node ?? 'node';
  const recipe = recipeOf(target, { attach: values.attach, pid: wholeNumber('pid', values.pid, 1), seconds });
  const written = values.out === undefined ? [] : type === 'snapshot' || type === 'allocations' ? [values.out, scriptsFile(values.out)] : [values.out];
  for (const file of values.force ? [] : written) {
    if (!(await exists(file))) continue;
    note(`plateau: ${file} exists already; give another --out, or --force to overwrite it.`);
    return Exit.Input;
  }

  const refusal = values.out === undefined ? await cannotKeepIn(profilesFolder(), '--out FILE') : await cannotWriteTo(values.out);
  if (refusal) {
    note(`plateau: ${refusal}`);
    return Exit.Input;
  }

  if (isHeap) {
    const { interval: bytes, out, collected = false, json = false } = values;
    return recordHeapCommand(recipe, { type, interval: bytes, collected, out, seconds, nodePath, json });
  }

  const stop = new AbortController();
  const cancel = new AbortController();
  const started = Date.now();
  const isAttached = recipe.kind === 'attach' || recipe.kind === 'process';
  const release = onInterrupt(stop, cancel, isAttached);
  const clock = setInterval(() => isAttached && progress(`Recording ${Math.floor((Date.now() - started) / 1000)} s – Ctrl+C to stop and keep`), 250);
  const result = await record({
    recipe,
    nodePath,
    files: targetFiles(__dirname),
    openLauncher: async () => ok({ nodeOptions: process.env.NODE_OPTIONS, launch }),
    capture: { interval, seconds, stop: stop.signal, cancel: cancel.signal },
  });
  clearInterval(clock);
  clearProgress();
  release();
  if (!result.ok) {
    note(`plateau: ${describeCaptureIssue(result.error)}`);
    return exitCodeOf(result.error);
  }
  let file: string;
  try {
    file = values.out === undefined ? await keepRecording(profilesFolder(), result.value) : await writeTo(values.out, result.value);
  } catch (error) {
    note(`plateau: the profile could not be written: ${(error as Error).message}. Give a folder that can be written to with --out.`);
    return Exit.Input;
  }
  await tell(file, result.value, values.json === true);
  return Exit.Fine;
}

const ownValued = ['--type', '--interval', '--out', '--seconds', '--attach', '--pid', '--node', '--fail-on'];

/** Options before `--`, or before the first word that is no option; the rest is the command, untouched. */
export function splitArguments(args: readonly string[], withValue: readonly string[] = ownValued): { own: string[]; target: string[] } {
  const valued = new Set(withValue);
  let at = 0;
  while (at < args.length) {
    const word = args[at] as string;
    if (word === '--') return { own: args.slice(0, at), target: args.slice(at + 1) };
    if (!word.startsWith('-')) break;
    at += valued.has(word) ? 2 : 1;
  }
  return { own: args.slice(0, at), target: args.slice(at) };
}

export function recipeOf(
  target: readonly string[],
  other: { attach: string | undefined; pid: number | undefined; seconds: number | undefined },
  command = 'record',
): Recipe {
  const { attach, pid, seconds } = other;
  const ways = [attach !== undefined, pid !== undefined, target.length > 0].filter(Boolean).length;
  if (ways !== 1)
    throw new UsageError(
      ways === 0 ? `plateau ${command} needs a command after --, --attach or --pid.` : `plateau ${command} takes one of a command, --attach and --pid.`,
    );
  if (attach !== undefined) return { kind: 'attach', address: attach, seconds };
  if (pid !== undefined) return { kind: 'process', pid, command: '', seconds };
  const [program = '', ...args] = target;
  const cwd = process.cwd();
  if (/\.(?:[cm]?[jt]s|[jt]sx)$/i.test(program)) return { kind: 'file', file: path.resolve(program), args, env: {}, cwd };
  const script = nodeScript(program, args);
  if (script !== undefined && /\.(?:tsx?|mts|cts|jsx)$/i.test(script)) return { kind: 'file', file: path.resolve(script), args: args.slice(1), env: {}, cwd };
  return { kind: 'program', command: program, args, cwd };
}

async function writeTo(out: string, { profile, info }: Recorded): Promise<string> {
  await fs.writeFile(out, JSON.stringify(profile));
  await fs.writeFile(infoFile(out), `${JSON.stringify(info, null, 1)}\n`);
  return out;
}

async function tell(file: string, { info, capture }: Recorded, json: boolean): Promise<void> {
  const { headline, exit } = info;
  const findings = await findingsOf(file);
  if (json) {
    await write(`${JSON.stringify({ schema: 'plateau/record/1', file, ...info, sources: undefined, findings }, null, 1)}\n`);
    return;
  }
  if (exit && exit.code !== 0) note(`The program ended with ${exit.signal ?? `exit code ${exit.code}`}; its profile is kept.`);
  for (const gap of describeGaps({ lost: capture.lost.length, workers: info.workers })) note(gap);
  const top = headline.top ? `, ${formatShare(headline.top.selfShare)} of it in ${headline.top.name}` : '';
  note(`${formatTime(headline.duration)} recorded, ${formatCount(headline.samples)} samples; ${formatTime(headline.active)} active${top}`);
  for (const line of headlines(findings)) note(line);
  await write(`${file}\n`);
}

/** Better told before a long recording than after it. */
async function cannotWriteTo(out: string): Promise<string | undefined> {
  const folder = path.dirname(path.resolve(out));
  try {
    if (!(await fs.stat(folder)).isDirectory()) return `${folder} is not a folder; give another --out.`;
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
