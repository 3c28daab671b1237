import type { Capture, MissedProcess } from '../capture/captured';
import { formatCount, plural } from '../shared/format';
import { maskWords, withoutSecrets } from '../shared/secrets';
import { describeCaptureNote } from './describe-attach-issue';

/** What of a program is not in its recording, and what goes on after it, in sentences. */
export function describeCapture({ missed, threads, left, notes = [] }: Capture): string[] {
  const cut = threads.filter(({ isWhole }) => !isWhole).length;
  return [
    ...describeMissed(missed),
    ...(cut > 0 ? [`${plural(cut, 'thread')} ended without notice; what ${cut === 1 ? 'it' : 'they'} did last is not in the profile.`] : []),
    ...(left.length > 0
      ? [
          `Left running, as the program left ${left.length === 1 ? 'it' : 'them'} behind: ${left
            .slice(0, 5)
            .map(({ pid, command }) => `${short(withoutSecrets(command))} (${pid})`)
            .join(', ')}${left.length > 5 ? ' and more' : ''}.`,
        ]
      : []),
    ...notes.map(describeCaptureNote),
  ];
}

export function describeMissed(missed: readonly MissedProcess[]): string[] {
  const of = (reason: MissedProcess['reason']): readonly MissedProcess[] => missed.filter((one) => one.reason === reason);
  const sentences: string[] = [];
  const killed = of('killed');
  if (killed.length > 0)
    sentences.push(`${killed.length === 1 ? '1 process' : `${formatCount(killed.length)} processes`} died without handing over a profile: ${names(killed)}.`);
  const forbidden = of('permission-model');
  if (forbidden.length > 0) sentences.push(`${names(forbidden)} ran unrecorded: the permission model hides the inspector. ${PERMISSION}`);
  const unreached = of('not-reached');
  if (unreached.length > 0) {
    sentences.push(
      `${names(unreached)} could not be reached: NODE_OPTIONS was taken from its environment. Pass it on where that process is started (env: { ...process.env }).`,
    );
  }
  for (const { argv, detail } of of('unwritten')) sentences.push(`The profile of ${commandOf(argv)} could not be written in full (${detail}).`);
  for (const { argv, detail } of of('failed')) sentences.push(`${commandOf(argv)} ran unrecorded: ${detail}.`);
  return sentences;
}

/** What the permission model needs to be told. */
export const PERMISSION =
  'With a newer Node.js (the latest 24, 25 or 26), add --allow-inspector --allow-worker, and --allow-fs-read and --allow-fs-write for the folder of temporary files (plateau-*).';

const names = (some: readonly MissedProcess[]): string => {
  const all = some.slice(0, 3).map(({ argv, pid }) => `${commandOf(argv)}${pid === undefined ? '' : ` (${pid})`}`);
  return all.join(', ') + (some.length > 3 ? ` and ${some.length - 3} more` : '');
};

const commandOf = (argv: readonly string[]): string => short(['node', ...maskWords(argv.slice(1)).masked].join(' '));

const short = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);
