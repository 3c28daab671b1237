import fs from 'node:fs';
import path from 'node:path';
import { fileText } from '../../service/export/place-text';
import { describeLeakReportIssue } from '../../service/hunt/describe-leak-issue';
import { reportLeaks } from '../../service/hunt/leak-report';
import { formatBytes, formatCount, plural, printable, printableJson, shorten } from '../../shared/format';
import { type HuntLeak, type HuntPlace, type HuntResult, huntRemark, leakAmount } from '../../shared/hunt';
import { describeWatched } from '../../shared/thread-choice';
import { parseCommand, wholeNumber } from '../arguments';
import { Exit, UsageError } from '../exit-codes';
import { clearProgress, note, progress, styled, write } from '../terminal';
import { threadFile } from './heap-load';

/** `plateau heap leaks FIRST SECOND THIRD` */
export async function heapLeaks(args: string[]): Promise<Exit> {
  const { values, positionals } = parseCommand({ args, allowPositionals: true, options: { json: { type: 'boolean' }, times: { type: 'string' } } });
  const [first, second, third, ...more] = positionals;
  if (first === undefined || second === undefined || third === undefined || more.length > 0)
    throw new UsageError(`plateau heap leaks takes three snapshots, the oldest first, not ${positionals.length}.`);
  const same = [first, second, third].map((file) => realPath(file));
  if (new Set(same).size < 3) throw new UsageError('plateau heap leaks takes three different snapshots: a file is named twice.');
  const result = reportLeaks({
    files: [first, second, third],
    times: wholeNumber('times', values.times, 1, 1_000_000),
    title: third,
    roots: [process.cwd()],
    threadFile,
    onProgress: (share) => progress(`Comparing the snapshots: ${Math.floor(share * 100)} %`),
  });
  clearProgress();
  if (!result.ok) {
    note(`plateau: ${describeLeakReportIssue(result.error)}`);
    return Exit.Input;
  }
  return tellHunt(result.value, values.json === true);
}

function realPath(file: string): string {
  try {
    return fs.realpathSync(file);
  } catch {
    return path.resolve(file); // whoever reads it will say what is wrong
  }
}

/** Prints what was found; gives the exit code. */
export async function tellHunt(result: HuntResult, json: boolean): Promise<Exit> {
  if (json) await write(`${printableJson(result, 1)}\n`);
  else {
    for (const warning of result.warnings) note(`plateau: warning: ${warning}`);
    await write(describe(result));
  }
  return { leak: Exit.Finding, growth: Exit.Inconclusive, unexercised: Exit.Inconclusive, clean: Exit.Fine }[result.verdict];
}

function describe(result: HuntResult): string {
  const { leaks, times, settled } = result;
  const sizes = result.snapshots.map(({ heapBytes }) => formatBytes(heapBytes)).join(' → ');
  const text = [styled('bold', printable(result.title)), styled('dim', `heap ${sizes}${times === undefined ? '' : ` · ${times} times in each round`}`)];
  const watched = describeWatched(result);
  text.push(...(watched === undefined ? [] : [styled('dim', watched)]), '');
  for (const leak of leaks) {
    const [one, two, three] = leak.counts;
    const amount = leakAmount(leak);
    const average = leak.measure === 'bytes' ? amount(leak.perExercise) : leak.perExercise.toPrecision(2);
    const each = leak.isMultiple ? `${amount(leak.perExercise)} each time` : `${average} each time on average`;
    const head = leak.verdict === 'leak' ? styled('red', 'leak') : styled('yellow', 'growth');
    text.push(
      `${head}: ${shorten(printable(leak.className), 60)}${leakedFunction(leak)}, ${times === undefined ? `+${amount(three - one)}` : each} (${amount(one)} → ${amount(two)} → ${amount(three)}), ${formatBytes(leak.retainedSize)} kept`,
      `  ${printable(leak.summary)}`,
    );
    if (leak.retainedAt) text.push(`  kept at       ${placeText(leak.retainedAt)}`);
    for (const { text: other, place } of leak.alsoKeptBy) text.push(`  also kept by  ${printable(other)}${place ? `, ${placeText(place)}` : ''}`);
    if (leak.allocatedAt) text.push(`  allocated in  ${allocatorText(leak)}`);
    if (leak.withIt) text.push(`  and with it   ${withItText(leak.withIt)}`);
    const steps = leak.path.map((step) => shorten(printable(step.text), 50));
    const shown = steps.length > 8 ? [...steps.slice(0, 3), '…', ...steps.slice(-4)] : steps;
    text.push(styled('dim', `  ${shown.join(' › ')}`), '');
  }
  const remark = huntRemark(result);
  if (remark !== undefined) text.push(styled(result.verdict === 'clean' ? 'green' : 'yellow', remark));
  for (const { name, counts, bytes } of result.classes ?? [])
    text.push(
      `  +${formatCount(counts[1] - counts[0])} +${formatCount(counts[2] - counts[1])}  ${shorten(printable(name), 60)} (${counts.map(formatCount).join(' → ')}), ${formatBytes(bytes)}`,
    );
  if (settled > 0) text.push(styled('dim', `${plural(settled, 'group')} of objects grew and levelled off, as caches do.`), '');
  text.push(nextStep(result));
  return `${text.join('\n')}\n`;
}

/** Of what piles up besides. */
const MOST_WITH_IT = 4;

function withItText(others: NonNullable<HuntLeak['withIt']>): string {
  const shown = others.slice(0, MOST_WITH_IT).map(({ className, counts }) => `${shorten(printable(className), 40)} (${counts.map(formatCount).join(' → ')})`);
  return [...shown, ...(others.length > shown.length ? [`${formatCount(others.length - shown.length)} more`] : [])].join(', ');
}

/** Where the functions that pile up stand: a name alone, or none, says little. */
function leakedFunction({ className, path: steps }: HuntLeak): string {
  const place = className.startsWith('function ') ? steps.at(-1)?.place : undefined;
  return place ? ` at ${placeText(place)}` : '';
}

/** V8 knows the function that allocates, not the line. */
function allocatorText({ allocatedAt, allocation }: HuntLeak): string {
  const isSame = (place: HuntPlace | undefined): boolean =>
    place?.file === allocatedAt?.file && place?.line === allocatedAt?.line && place?.column === allocatedAt?.column;
  const name = allocation.find(({ place }) => isSame(place))?.name ?? '(anonymous)';
  return allocatedAt ? `function ${printable(name)} at ${placeText(allocatedAt)}` : '';
}

function nextStep({ verdict, leaks, snapshots, doubt }: HuntResult): string {
  const [leak] = leaks;
  const last = snapshots.at(-1)?.file;
  if (verdict === 'unexercised' && doubt !== undefined) return 'Next: hunt again, as is said above.';
  if (verdict === 'unexercised') return 'Next: hunt again with a request that succeeds.';
  if (verdict === 'clean' || !leak || last === undefined)
    return 'Next: if its memory grows all the same, exercise another part of the program, or see what allocates: plateau record --type heap -- COMMAND';
  if (verdict === 'growth') return 'Next: hunt again with more --warmup and --times; a cache that fills stops to grow then, a leak does not.';
  const cut = leak.retainedAt
    ? `remove what is no longer needed from what is declared at ${placeText(leak.retainedAt)}, then hunt again.`
    : leak.allocatedAt
      ? `let go of what the function at ${placeText(leak.allocatedAt)} makes when it is done with (close, remove or unsubscribe it), then hunt again.`
      : 'remove what is no longer needed, then hunt again.';
  return `Next: ${cut} Every way that keeps one of them:\n  plateau heap retainers ${inShell(path.relative('', last))} --id ${leak.objectId}`;
}

const inShell = (word: string): string => (/^[\w./:@+-]+$/.test(word) ? word : `"${word}"`);

const placeText = ({ file, line, column }: HuntPlace): string => `${printable(fileText(file, [process.cwd()]))}:${line}:${column}`;
