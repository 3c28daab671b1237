import { type Capture, isOtherRuntime, type MissedProcess } from '../../capture/records/captured';
import { sessionPlaces } from '../../capture/session/session-folders';
import { formatCount, plural } from '../../shared/format';
import { maskWords, withoutSecrets } from '../../shared/secrets';
import { describeCaptureNote } from './describe-attach-issue';

/** What of a program is not in its recording, and what goes on after it, in sentences. */
export function describeCapture({ missed, threads, left, notes = [] }: Capture): string[] {
  const cut = threads.filter(({ isWhole }) => !isWhole).length;
  return [
    ...describeMissed(missed),
    ...(cut > 0
      ? [
          `${plural(cut, 'thread')} ended without notice; what ${cut === 1 ? 'it' : 'they'} did last is not in the profile. A smaller --checkpoint N (in the editor: the setting plateau.checkpoint) loses less: at most the last N seconds.`,
        ]
      : []),
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
    sentences.push(
      `${killed.length === 1 ? '1 process' : `${formatCount(killed.length)} processes`} died without handing over a profile: ${names(killed)}. ${CHECKPOINTS}`,
    );
  const forbidden = of('permission-model');
  if (forbidden.length > 0) sentences.push(`${names(forbidden)} ran unrecorded: the permission model hides the inspector. ${PERMISSION}`);
  const underPolicy = of('policy');
  if (underPolicy.length > 0) sentences.push(`${names(underPolicy)} ran unrecorded: ${POLICY}`);
  const unreached = of('not-reached');
  if (unreached.length > 0) {
    sentences.push(
      `${names(unreached)} could not be reached: NODE_OPTIONS was taken from its environment. Pass it on where that process is started (env: { ...process.env }).`,
    );
  }
  const unloaded = of('unloaded');
  if (unloaded.length > 0) {
    sentences.push(`${names(unloaded)} did not load the recording: it ended at once, or cannot read the hook where it runs. ${UNREADABLE}`);
  }
  const unreachable = of('no-way');
  if (unreachable.length > 0) {
    sentences.push(
      `${names(unreachable)} ran unrecorded: Deno was started where it cannot be given --cpu-prof, as by deno task. Record its own command ("plateau record -- deno run FILE"), or add --cpu-prof to it.`,
    );
  }
  sentences.push(...missed.filter(isOtherRuntime).map(describeOtherRuntime));
  for (const { argv, detail } of of('unwritten')) sentences.push(`The profile of ${commandOf(argv)} could not be written in full (${detail}).`);
  for (const { argv, detail } of of('failed')) sentences.push(`${commandOf(argv)} ran unrecorded: ${detail}.`);
  // What a program says of a failure may quote what it was called with.
  return sentences.map(withoutSecrets);
}

/** Why Deno or Bun was not recorded, and what to do. */
export function describeOtherRuntime({ argv, reason, detail = '' }: MissedProcess): string {
  const command = short(maskWords(argv).masked.join(' '));
  if (reason === 'too-old')
    return `${command} ran unrecorded: this Deno (${detail.split(' (')[0] || 'of unknown version'}) cannot record itself. Update it (deno upgrade).`;
  if (reason === 'no-option')
    return `${command} ran unrecorded: deno ${detail} has no option that records. Put what it measures into a script, and record "deno run FILE".`;
  if (reason === 'blank-in-path')
    return `${command} ran unrecorded: Bun takes no folder with a space in its path, and temporary files lie in ${detail}. Set TMPDIR to one without.`;
  if (argv[0] === 'bun' && argv.includes('test'))
    return `${command} ran unrecorded: bun test writes no profile. Put what it tests into a script, and record "bun FILE".`;
  return `${command} has left no profile: ${argv[0] === 'bun' ? 'Bun' : 'Deno'} writes it only when the program ends by itself, and not when a signal or Stop ends it. Let it end, as with ${argv[0] === 'bun' ? 'process.exit()' : 'Deno.exit()'} in a listener for SIGINT.`;
}

/** What keeps the profile of a process that is killed. */
export const CHECKPOINTS =
  'Record with --checkpoint N (in the editor: the setting plateau.checkpoint), which keeps all but the last N seconds; it is 60 unless said.';

/** What the permission model needs to be told. */
export const PERMISSION = `With a newer Node.js (the latest 24, 25 or 26), add --allow-inspector --allow-worker, and --allow-fs-read and --allow-fs-write for ${sessionPlaces().join(' and ')}.`;

/** Why a program may not load the hook, which ends it, and what to do. */
export const UNREADABLE = `If Node.js says that it cannot find hook.cjs, it runs where ${sessionPlaces()[0]} cannot be read (another root folder, a sandbox, another user): make that folder readable there, or run plateau there.`;

/** Why a program with a policy is not recorded, and what to do. */
export const POLICY = 'its policy lets nothing be loaded that the manifest does not name. Record it without --experimental-policy.';

const names = (some: readonly MissedProcess[]): string => {
  const all = some.slice(0, 3).map(({ argv, pid }) => `${commandOf(argv)}${pid === undefined ? '' : ` (${pid})`}`);
  return all.join(', ') + (some.length > 3 ? ` and ${some.length - 3} more` : '');
};

const commandOf = (argv: readonly string[]): string =>
  short([/^(?:deno|bun)$/.test(argv[0] ?? '') ? argv[0] : 'node', ...maskWords(argv.slice(1)).masked].join(' '));

const short = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);
