import { formatCost, formatCount, formatTime, plural, printable, shorten } from '../../shared/format';
import type { ProfileWarning } from '../../shared/issue';
import { describeFileIssue } from '../support/describe-file-issue';
import { describeProfileIssue } from './describe-profile-issue';

type Words = { readonly [K in ProfileWarning['kind']]: (warning: Extract<ProfileWarning, { kind: K }>) => string };

/** What of a file could not be read. */
const ofDamage = {
  truncated: (warning) => `The file ends early, at byte ${formatCount(warning.offset)}; what comes before it is shown.`,
  malformed: (warning) => `The file is damaged at byte ${formatCount(warning.offset)} (expected ${warning.expected}); what comes before it is shown.`,
  'surplus-bytes': (warning) =>
    `${plural(warning.count, 'byte')} behind the end of the compressed data, from byte ${formatCount(warning.offset)} on, ${warning.count === 1 ? 'was' : 'were'} passed over.`,
  'bad-values': (warning) =>
    `${plural(warning.count, 'value')} of the wrong type or out of range, the first at byte ${formatCount(warning.offset)}, ${warning.count === 1 ? 'was' : 'were'} passed over.`,
  'too-many-values': (warning) =>
    `The file lists more than ${formatCount(warning.limit)} samples or children; ${formatCount(warning.count)} numbers beyond were left out, and the recording is shown up to there.`,
  'bad-costs': (warning) => `${plural(warning.count, 'cost')} below zero, or too large to be one, ${warning.count === 1 ? 'was' : 'were'} left out.`,
  'bad-lines': (warning) =>
    `${plural(warning.count, 'line')} that ${warning.count === 1 ? 'does' : 'do'} not fit the format, the first at line ${formatCount(warning.first)}, ${warning.count === 1 ? 'was' : 'were'} passed over.`,
  'unread-measures': (warning) => `${plural(warning.count, 'further event')} of the file ${warning.count === 1 ? 'is' : 'are'} not shown: there are too many.`,
  'unread-threads': (warning) =>
    `${plural(warning.count, 'thread')} or ${warning.count === 1 ? 'process' : 'processes'} of the file cannot be read, and ${warning.count === 1 ? 'is' : 'are'} not shown.`,
  'unread-drop-frames': () => 'The file says which functions to leave out of its stacks (drop_frames), in an expression that cannot be read: all are shown.',
  'lost-thread': (warning) =>
    `Thread ${printable(shorten(warning.name, 80))} is not shown, for its profile ${printable(shorten(warning.file, 80))} cannot be read. ${describeProfileIssue(warning.issue)}`,
} satisfies Partial<Words>;

/** What is wrong with samples, or how few there are. */
const ofSamples = {
  'no-samples': (warning) =>
    warning.isCut
      ? 'The list of samples is missing: what is shown are the counts of the functions that the file still has.'
      : 'The profile holds no samples: nothing ran while it was recorded.',
  'single-sample': () => 'The profile holds one sample: shares mean nothing yet. Record for longer or with a shorter interval.',
  'few-samples': (warning) => {
    if (warning.worth !== undefined)
      return `The ${formatCount(warning.count)} active samples are worth ${formatCount(Math.floor(warning.worth))} of equal length, since a few long ones are most of the time: findings need ${formatCount(warning.needed)}. Record for longer, with less else running.`;
    return `${warning.count === 0 ? 'No' : `Only ${formatCount(warning.count)}`} ${warning.isMerged ? 'different stack' : 'active sample'}${warning.count === 1 ? '' : 's'}: findings need ${formatCount(warning.needed)}. Record for longer or with a shorter interval.`;
  },
  'unsorted-samples': (warning) => `${plural(warning.count, 'sample')} were out of time order and ${warning.count === 1 ? 'was' : 'were'} sorted.`,
  'unknown-sample-nodes': (warning) =>
    `${plural(warning.count, 'sample')} of nodes that are not in the file ${warning.count === 1 ? 'is' : 'are'} shown as (unknown node).`,
  'missing-time-deltas': (warning) => `${plural(warning.count, 'sample')} without a time: spread evenly up to the end of the recording.`,
  'surplus-time-deltas': (warning) => `${plural(warning.count, 'time delta')} without a sample ${warning.count === 1 ? 'was' : 'were'} left out.`,
  'no-timestamps': () => 'The profile has no sample times: durations are estimated from sample counts.',
  'end-before-last-sample': () => 'The recorded end lies before the last sample; the last sample counts as the end.',
  'end-elsewhere': (warning) =>
    `The recorded end lies ${formatTime(warning.time)} behind the last sample, as if on another clock; the last sample counts as the end.`,
  'not-sampled': (warning) =>
    `For ${formatTime(warning.time)} no sample was taken (${plural(warning.count, 'gap')}, ${warning.count === 1 ? '' : `${formatTime(warning.longest)} at most, `}"(not sampled)" on the timeline): the machine slept, the process was stopped, or the sampler got no turn. That time is counted for nobody.`,
} satisfies Partial<Words>;

/** What is wrong with the tree of calls. */
const ofTree = {
  'duplicate-ids': (warning) =>
    `${plural(warning.count, 'node')} with an id that another has already (the first is ${warning.first}): samples go to the first of them.`,
  'several-parents': (warning) => `${plural(warning.count, 'node')} named as child by several nodes: kept under the first.`,
  cycles: (warning) => `${plural(warning.count, 'cycle')} in the call tree cut open.`,
  orphans: (warning) => `${plural(warning.count, 'node')} without a parent hung on the root.`,
  'unknown-children': (warning) => `${plural(warning.count, 'child id')} named that ${warning.count === 1 ? 'is' : 'are'} not in the file.`,
  'call-graph': () => 'The file has calls between functions but no stacks: which caller caused which cost is estimated by the share of its calls.',
} satisfies Partial<Words>;

/** What is wrong with events and spans, and what a file of several profiles is. */
const ofSpans = {
  'unbalanced-events': (warning) =>
    `${plural(warning.count, 'event')} without a begin or an end: how long such a span ran is not known. What has no end is shown up to the end of what is around it.`,
  'bad-spans': (warning) =>
    `${plural(warning.count, 'event')} without a time, or with a duration that is below zero or missing: ${warning.count === 1 ? 'it takes' : 'they take'} no time here.`,
  'overlapping-spans': (warning) =>
    `${plural(warning.count, 'span')} ${warning.count === 1 ? 'begins' : 'begin'} inside of another and ${warning.count === 1 ? 'ends' : 'end'} after it, as asynchronous work does: which of them worked meanwhile is not known, and is shown as (several at once).${warning.lost > 0 ? ` There are so many that ${formatTime(warning.lost)} of them are not shown.` : ''}`,
  difference: (warning) => {
    const { more, less, unit } = warning;
    const balance = `${more < less ? '-' : ''}${formatCost(Math.abs(more - less), unit)}`;
    return `This is a difference of two profiles: ${formatCost(more, unit)} more and ${formatCost(less, unit)} less, ${balance} on balance. What became more is one profile, what became less another, whose name ends in "less".`;
  },
  'left-out': (warning) =>
    `${plural(warning.count, 'profile')} that ${warning.count === 1 ? 'counts' : 'count'} something else ${warning.count === 1 ? 'is' : 'are'} not part of the merged one.`,
} satisfies Partial<Words>;

/** What is not known of files and lines. */
const ofPlaces = {
  'unread-map': (warning) => {
    if (warning.issue.kind === 'too-late')
      return `Reading source maps took the ${warning.issue.milliseconds / 1000} s that there are for it, so that of ${printable(shorten(warning.file, 200))} and those of scripts after it were not looked for. Lines are those of what ran.`;
    return `The source map ${printable(shorten(warning.file, 200))} ${describeFileIssue(warning.issue)}. Lines are those of what ran.`;
  },
  'unknown-lines': (warning) =>
    `The hot lines of ${namedFunctions(warning, 'and of')} are not known: several statements ran as one line (tsx, bundlers and minifiers write code so), and a source map does not tell which of them took the time. What they cost as a whole is right. For their lines, run code whose white space is kept.`,
  'unknown-places': (warning) =>
    `${namedFunctions(warning)} ${warning.functions === 1 ? 'stands' : 'stand'} without a line: what ran is not in the text of that file. A compiler may have added it, or the source map that leads to the file was gone when the recording ended.`,
} satisfies Partial<Words>;

const words: Words = { ...ofDamage, ...ofSamples, ...ofTree, ...ofSpans, ...ofPlaces };

export function describeWarning(warning: ProfileWarning): string {
  const describe = words[warning.kind] as (of: ProfileWarning) => string;
  return describe(warning);
}

/** `slowSum (src/sum.ts)`, `slowSum (src/sum.ts) and of 2 other functions`. */
function namedFunctions({ functions, name, file }: { readonly functions: number; readonly name: string; readonly file: string }, and = 'and'): string {
  const one = `${printable(shorten(name, 100)) || '(anonymous)'} (${printable(shorten(file, 200))})`;
  return functions === 1 ? one : `${one} ${and} ${plural(functions - 1, 'other function')}`;
}

/** Whether a part of the file is missing, so that what it does not show may have been there. */
export const isCut = (warnings: readonly ProfileWarning[]): boolean => warnings.some(({ kind }) => kind === 'truncated' || kind === 'malformed');

const tooLittle: ReadonlySet<ProfileWarning['kind']> = new Set(['few-samples', 'single-sample', 'no-samples']);

/** Why it says nothing that there are no findings; undefined where it says that nothing stands out. */
export function describeSilence(warnings: readonly ProfileWarning[]): string | undefined {
  const isTooLittle = warnings.some(({ kind }) => tooLittle.has(kind));
  if (isCut(warnings)) return isTooLittle ? 'Too little is left of the file to judge.' : 'No findings in what is left of the file.';
  return isTooLittle ? 'Too few samples to judge.' : undefined;
}
