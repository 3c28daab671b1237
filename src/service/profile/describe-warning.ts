import { formatCost, formatCount, formatTime, plural, printable, shorten } from '../../shared/format';
import type { ProfileWarning } from '../../shared/issue';
import { describeFileIssue } from '../support/describe-file-issue';
import { describeProfileIssue } from './describe-profile-issue';

export function describeWarning(warning: ProfileWarning): string {
  switch (warning.kind) {
    case 'truncated':
      return `The file ends early, at byte ${formatCount(warning.offset)}; what comes before it is shown.`;
    case 'malformed':
      return `The file is damaged at byte ${formatCount(warning.offset)} (expected ${warning.expected}); what comes before it is shown.`;
    case 'surplus-bytes':
      return `${plural(warning.count, 'byte')} behind the end of the compressed data, from byte ${formatCount(warning.offset)} on, ${warning.count === 1 ? 'was' : 'were'} passed over.`;
    case 'no-samples':
      return warning.isCut
        ? 'The list of samples is missing: what is shown are the counts of the functions that the file still has.'
        : 'The profile holds no samples: nothing ran while it was recorded.';
    case 'single-sample':
      return 'The profile holds one sample: shares mean nothing yet. Record for longer or with a shorter interval.';
    case 'few-samples':
      if (warning.worth !== undefined)
        return `The ${formatCount(warning.count)} active samples are worth ${formatCount(Math.floor(warning.worth))} of equal length, since a few long ones are most of the time: findings need ${formatCount(warning.needed)}. Record for longer, with less else running.`;
      return `${warning.count === 0 ? 'No' : `Only ${formatCount(warning.count)}`} ${warning.isMerged ? 'different stack' : 'active sample'}${warning.count === 1 ? '' : 's'}: findings need ${formatCount(warning.needed)}. Record for longer or with a shorter interval.`;
    case 'unsorted-samples':
      return `${plural(warning.count, 'sample')} were out of time order and ${warning.count === 1 ? 'was' : 'were'} sorted.`;
    case 'unknown-sample-nodes':
      return `${plural(warning.count, 'sample')} of nodes that are not in the file ${warning.count === 1 ? 'is' : 'are'} shown as (unknown node).`;
    case 'missing-time-deltas':
      return `${plural(warning.count, 'sample')} without a time: spread evenly up to the end of the recording.`;
    case 'surplus-time-deltas':
      return `${plural(warning.count, 'time delta')} without a sample ${warning.count === 1 ? 'was' : 'were'} left out.`;
    case 'no-timestamps':
      return 'The profile has no sample times: durations are estimated from sample counts.';
    case 'end-before-last-sample':
      return 'The recorded end lies before the last sample; the last sample counts as the end.';
    case 'end-elsewhere':
      return `The recorded end lies ${formatTime(warning.time)} behind the last sample, as if on another clock; the last sample counts as the end.`;
    case 'not-sampled':
      return `For ${formatTime(warning.time)} no sample was taken (${plural(warning.count, 'gap')}, ${warning.count === 1 ? '' : `${formatTime(warning.longest)} at most, `}"(not sampled)" on the timeline): the machine slept, the process was stopped, or the sampler got no turn. That time is counted for nobody.`;
    case 'duplicate-ids':
      return `${plural(warning.count, 'node')} with an id that another has already (the first is ${warning.first}): samples go to the first of them.`;
    case 'several-parents':
      return `${plural(warning.count, 'node')} named as child by several nodes: kept under the first.`;
    case 'cycles':
      return `${plural(warning.count, 'cycle')} in the call tree cut open.`;
    case 'orphans':
      return `${plural(warning.count, 'node')} without a parent hung on the root.`;
    case 'unknown-children':
      return `${plural(warning.count, 'child id')} named that ${warning.count === 1 ? 'is' : 'are'} not in the file.`;
    case 'bad-values':
      return `${plural(warning.count, 'value')} of the wrong type or out of range, the first at byte ${formatCount(warning.offset)}, ${warning.count === 1 ? 'was' : 'were'} passed over.`;
    case 'too-many-values':
      return `The file lists more than ${formatCount(warning.limit)} samples or children; ${formatCount(warning.count)} numbers beyond were left out, and the recording is shown up to there.`;
    case 'bad-costs':
      return `${plural(warning.count, 'cost')} below zero, or too large to be one, ${warning.count === 1 ? 'was' : 'were'} left out.`;
    case 'bad-lines':
      return `${plural(warning.count, 'line')} that ${warning.count === 1 ? 'does' : 'do'} not fit the format, the first at line ${formatCount(warning.first)}, ${warning.count === 1 ? 'was' : 'were'} passed over.`;
    case 'unbalanced-events':
      return `${plural(warning.count, 'event')} without a begin or an end: how long such a span ran is not known. What has no end is shown up to the end of what is around it.`;
    case 'difference': {
      const { more, less, unit } = warning;
      const balance = `${more < less ? '-' : ''}${formatCost(Math.abs(more - less), unit)}`;
      return `This is a difference of two profiles: ${formatCost(more, unit)} more and ${formatCost(less, unit)} less, ${balance} on balance. What became more is one profile, what became less another, whose name ends in "less".`;
    }
    case 'unread-measures':
      return `${plural(warning.count, 'further event')} of the file ${warning.count === 1 ? 'is' : 'are'} not shown: there are too many.`;
    case 'unread-threads':
      return `${plural(warning.count, 'thread')} or ${warning.count === 1 ? 'process' : 'processes'} of the file cannot be read, and ${warning.count === 1 ? 'is' : 'are'} not shown.`;
    case 'unread-drop-frames':
      return 'The file says which functions to leave out of its stacks (drop_frames), in an expression that cannot be read: all are shown.';
    case 'bad-spans':
      return `${plural(warning.count, 'event')} without a time, or with a duration that is below zero or missing: ${warning.count === 1 ? 'it takes' : 'they take'} no time here.`;
    case 'overlapping-spans':
      return `${plural(warning.count, 'span')} ${warning.count === 1 ? 'begins' : 'begin'} inside of another and ${warning.count === 1 ? 'ends' : 'end'} after it, as asynchronous work does: which of them worked meanwhile is not known, and is shown as (several at once).${warning.lost > 0 ? ` There are so many that ${formatTime(warning.lost)} of them are not shown.` : ''}`;
    case 'left-out':
      return `${plural(warning.count, 'profile')} that ${warning.count === 1 ? 'counts' : 'count'} something else ${warning.count === 1 ? 'is' : 'are'} not part of the merged one.`;
    case 'lost-thread':
      return `Thread ${printable(shorten(warning.name, 80))} is not shown, for its profile ${printable(shorten(warning.file, 80))} cannot be read. ${describeProfileIssue(warning.issue)}`;
    case 'call-graph':
      return 'The file has calls between functions but no stacks: which caller caused which cost is estimated by the share of its calls.';
    case 'unread-map':
      if (warning.issue.kind === 'too-late')
        return `Reading source maps took the ${warning.issue.milliseconds / 1000} s that there are for it, so that of ${printable(shorten(warning.file, 200))} and those of scripts after it were not looked for. Lines are those of what ran.`;
      return `The source map ${printable(shorten(warning.file, 200))} ${describeFileIssue(warning.issue)}. Lines are those of what ran.`;
    case 'unknown-lines':
      return `The hot lines of ${namedFunctions(warning, 'and of')} are not known: several statements ran as one line (tsx, bundlers and minifiers write code so), and a source map does not tell which of them took the time. What they cost as a whole is right. For their lines, run code whose white space is kept.`;
    case 'unknown-places':
      return `${namedFunctions(warning)} ${warning.functions === 1 ? 'stands' : 'stand'} without a line: what ran is not in the text of that file. A compiler may have added it, or the source map that leads to the file was gone when the recording ended.`;
  }
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
