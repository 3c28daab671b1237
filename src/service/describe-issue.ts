import { formatBytes, formatCost, formatCount, formatTime, plural, printable, shorten } from '../shared/format';
import type { Counted, ExportIssue, ForeignFormat, HeapIssue, HeapWarning, ProfileFormat, ProfileIssue, ProfileWarning, StatesIssue } from '../shared/issue';
import { describeFileIssue, describeSpecialFile } from './describe-file-issue';
import type { LeakReportIssue } from './leak-report';

/** Issues and warnings in words: what happened, where, and what to do. Every shell takes its wording from here and the other `describe-…` files. */

const foreign: Readonly<Record<ForeignFormat, string>> = {
  'heap-snapshot': 'it is a heap snapshot (.heapsnapshot); read it with plateau heap summary, or open it in the editor',
  'heap-profile': 'it is a heap profile (.heapprofile)',
  'chrome-trace': 'it is a Chrome trace; record a CPU profile, or save one from the Performance panel as .cpuprofile',
  speedscope: 'it is a speedscope file; open it at speedscope.app',
  'firefox-profile': 'it is a Firefox profile; open it at profiler.firefox.com',
  'nested-cpuprofile': 'it is a CPU profile in the tree form that V8 wrote before 2016; record it again',
  gzip: 'it is compressed with gzip; unpack it first',
  zip: 'it is a zip archive; unpack it first',
  'utf-16': 'it is text in UTF-16; save it as UTF-8',
  'perf-data': 'it is what perf record wrote; run "perf script -i FILE > out.txt" and open that',
  'perf-heads':
    'it is what perf script prints, but its samples name no functions; record with "perf record -g", and let perf script print its fields of itself, without -F',
  'other-nodes': 'it is JSON with "nodes", but none of them has a "callFrame" as those of a .cpuprofile have',
  'v8-log': 'it is a log of node --prof that is not processed; run "node --prof-process --preprocess FILE > out.json" and open that',
  'flight-recording': "it is a Java flight recording; make collapsed stacks or pprof of it, with async-profiler's converter for one",
  'unknown-json': 'it is JSON, but has no "nodes" list as a .cpuprofile has',
  unknown:
    'it is of none of the formats that Plateau reads (V8 CPU and heap profiles, Chrome traces, pprof, speedscope, collapsed stacks, perf script, Firefox profiles, node --prof-process, callgrind)',
};

export const formatNames: Readonly<Record<ProfileFormat, string>> = {
  cpuprofile: 'V8 CPU profile',
  'nested-cpuprofile': 'V8 CPU profile (tree form)',
  heapprofile: 'V8 heap profile',
  'chrome-trace': 'Chrome trace',
  pprof: 'pprof',
  speedscope: 'speedscope',
  collapsed: 'collapsed stacks',
  'perf-script': 'perf script',
  firefox: 'Firefox profile',
  gecko: 'Gecko profile',
  'node-prof-text': 'node --prof-process',
  'node-prof-json': 'node --prof-process --preprocess',
  callgrind: 'callgrind',
};

const counted: Readonly<Record<Counted, string>> = {
  nodes: 'nodes in its call tree',
  functions: 'functions',
  strings: 'different names',
  threads: 'threads',
  levels: 'levels of lists within lists',
};

export function describeProfileIssue(issue: ProfileIssue): string {
  switch (issue.kind) {
    case 'empty-file':
      return 'The file is empty. The program may have been killed before it could write its profile; record it again.';
    case 'not-json':
      return `This is not a CPU profile: at byte ${formatCount(issue.offset)}, ${issue.expected} was expected. If it was copied or downloaded, get it again.`;
    case 'not-a-cpu-profile':
      return `This is not a CPU profile: ${foreign[issue.found]}.`;
    case 'no-nodes':
      return `The profile's list of nodes (at byte ${formatCount(issue.offset)}) holds no whole node, so there is nothing to show. Record it again.`;
    case 'nothing-in-it':
      return `This is a file of the format ${formatNames[issue.format]}, but there is no profile in it. Record it again.`;
    case 'no-such-profile':
      return `The file has no profile ${JSON.stringify(issue.wanted)}. It has: ${profileList(issue.names)}.`;
    case 'bad-compression':
      return `The file is compressed with ${issue.method}, but cannot be unpacked: ${issue.detail}. If it was copied or downloaded, get it again.`;
    case 'bad-slab':
      return `The prepared data cannot be used (${issue.detail}). Close and open the profile again.`;
    case 'unreadable':
      return issue.code === 'ENOENT'
        ? 'The file does not exist. It may have been moved or deleted.'
        : issue.code === 'EISDIR'
          ? 'This is a folder, not a file.'
          : issue.code === 'EACCES' || issue.code === 'EPERM'
            ? 'You may not read this file. Change its permissions, or copy it to where you may.'
            : `The file cannot be read: ${issue.detail}.`;
    case 'not-a-file':
      return describeSpecialFile(issue.found);
    case 'too-heavy':
      return `The file holds so many values that reading it may take ${formatBytes(issue.needed)} of memory, and ${formatBytes(issue.available)} are left for it. Record for a shorter time or with a longer sampling interval, or close other profiles.`;
    case 'too-many':
      return `The profile has more than ${formatCount(issue.limit)} ${counted[issue.of]}, and that is more than can be held. Record for a shorter time or fewer threads; if it was made by a tool, see whether the file is damaged.`;
    case 'zstd-window':
      return `The file is compressed with zstd and a window of ${formatBytes(issue.bytes)}; up to ${formatBytes(issue.limit)} can be read. Unpack it first, or pack it without --long.`;
    case 'too-large':
      if (issue.packed !== undefined) {
        return `The file unpacks to more than ${formatBytes(issue.limit)}, ${formatCount(issue.limit / issue.packed)} times its size, and profiles do not pack like that. If it is one, unpack it and open what comes out.`;
      }
      if (issue.isJson) {
        return `The file has ${formatBytes(issue.bytes)} of JSON; up to ${formatBytes(issue.limit)} of this format can be read. Record for a shorter time or with a longer sampling interval, or save a .cpuprofile, of which ${formatBytes(2 ** 32)} can be read.`;
      }
      return `The file has ${formatBytes(issue.bytes)}; up to ${formatBytes(issue.limit)} can be read. Record for a shorter time or with a longer sampling interval.`;
    case 'cancelled':
      return 'Cancelled.';
    case 'crashed':
      return `Reading the profile failed: ${issue.detail}. If memory ran out, close other profiles and try again.`;
  }
}

export function describeWarning(warning: ProfileWarning): string {
  switch (warning.kind) {
    case 'truncated':
      return `The file ends early, at byte ${formatCount(warning.offset)}; what stands before it is shown.`;
    case 'malformed':
      return `The file is damaged at byte ${formatCount(warning.offset)} (expected ${warning.expected}); what stands before it is shown.`;
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
      return `${plural(warning.count, 'sample')} stood out of time order and ${warning.count === 1 ? 'was' : 'were'} sorted.`;
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

export function describeExportIssue(issue: ExportIssue): string {
  switch (issue.kind) {
    case 'no-times':
      return `A .cpuprofile holds times, and what this profile holds are ${issue.unit === 'bytes' ? 'bytes' : 'counts'}. Choose a format that keeps them: ${issue.formats.join(', ')}.`;
    case 'exists':
      return `${issue.out} exists already; give another --out, or --force to overwrite it.`;
    case 'same-file':
      return `${issue.out} is the profile itself. Choose another name.`;
    case 'not-writable':
      switch (issue.code) {
        case 'ENOENT':
          return `The folder of ${issue.out} does not exist. Make it, or choose another place.`;
        case 'EISDIR':
          return `${issue.out} is a folder. Choose a name for the file.`;
        case 'ENOSPC':
          return `There is no space left for ${issue.out}. Free some, or choose another disk.`;
        default:
          return `${issue.out} cannot be written: ${issue.detail}. Choose another place.`;
      }
    case 'parts-missing':
      return `A part of Plateau is missing: ${issue.file}. Install it again.`;
    case 'cancelled':
      return 'Cancelled; nothing was written.';
  }
}

export function describeStatesIssue(issue: StatesIssue): string {
  switch (issue.kind) {
    case 'bad-states':
      return `${issue.file}, which keeps what is done and ignored, is damaged: ${printable(shorten(issue.detail, 200))}. It is left as it is; correct it, or move it away, and everything counts as open until then.`;
    case 'unreadable-states':
      return `${issue.file}, which keeps what is done and ignored, cannot be read: ${issue.detail}. Everything counts as open until then.`;
    case 'unwritable-states':
      return `${issue.file}, which keeps what is done and ignored, cannot be written: ${issue.detail}. Nothing has changed.`;
  }
}

export function describeHeapIssue(issue: HeapIssue): string {
  switch (issue.kind) {
    case 'empty-file':
      return 'The file is empty. The program may have been killed before it could write its snapshot; take it again.';
    case 'not-json':
      return `This is not a heap snapshot: at byte ${formatCount(issue.offset)}, ${issue.expected} was expected. If it was copied or downloaded, get it again.`;
    case 'not-a-heap-snapshot':
      switch (issue.found) {
        case 'cpuprofile':
          return 'This is not a heap snapshot: it is a CPU profile. Read it with plateau analyze.';
        case 'heap-profile':
          return 'This is not a heap snapshot: it is a heap profile (.heapprofile). Read it with plateau analyze.';
        case 'unknown-json':
          return 'This is not a heap snapshot: it is JSON, but has no "snapshot" section.';
        default:
          return `This is not a heap snapshot: ${foreign[issue.found]}.`;
      }
    case 'missing-section':
      return `This is not a whole heap snapshot: it has no ${issue.name}. If it was edited or converted, use the file as V8 wrote it.`;
    case 'no-nodes':
      return 'The snapshot ends before its first object. The program may have been killed while it wrote; take it again.';
    case 'not-at-front':
      return `The snapshot's root stands at place ${formatCount(issue.rootIndex)} of its list of nodes, not at the front, as V8 has it. Take it again with Node.js or Chrome.`;
    case 'too-little-memory':
      return `The snapshot needs about ${formatBytes(issue.needed)} of memory, ${issue.available === undefined ? 'more than this process could get' : `and ${formatBytes(issue.available)} are free`}. Close other programs, or open it on a machine with more.`;
    case 'not-a-file':
      return describeSpecialFile(issue.found);
    case 'unreadable':
      return describeProfileIssue(issue);
    case 'bad-compression':
      return `The file is packed with ${issue.method}, and cannot be unpacked: ${issue.detail}. Copy it again, or unpack it with ${issue.method === 'gzip' ? 'gzip -d' : 'zstd -d'} to see more.`;
    case 'cancelled':
      return 'Cancelled.';
    case 'crashed':
      return `Reading the snapshot failed: ${issue.detail}. If memory ran out, close other programs and try again.`;
  }
}

export function describeHeapWarning(warning: HeapWarning): string {
  const are = (count: number): string => (count === 1 ? 'was' : 'were');
  switch (warning.kind) {
    case 'truncated':
      return `The snapshot ends early, at byte ${formatCount(warning.offset)}: what stands before is shown, sizes that objects keep alive may be too small.`;
    case 'malformed':
      return `At byte ${formatCount(warning.offset)}, ${warning.expected} was expected; what stands before it is shown.`;
    case 'missing-section':
      return `The snapshot has no list of ${warning.name}.`;
    case 'bad-values':
      return `${plural(warning.count, 'value')} of the wrong type or out of range, the first at byte ${formatCount(warning.offset)}, ${are(warning.count)} read as 0.`;
    case 'count-mismatch':
      return `The snapshot tells of ${formatCount(warning.told)} ${warning.of}, but has ${formatCount(warning.found)}; what it has is shown.`;
    case 'edges-outside':
      return `${plural(warning.count, 'reference')} to objects that are not in the file ${are(warning.count)} left out.`;
    case 'edge-counts':
      return `The objects tell of ${formatCount(warning.told)} references, but the list has ${formatCount(warning.found)}: some may stand with the wrong object.`;
    case 'other-process':
      return 'The two snapshots are of different processes: objects cannot be told apart by their ids, so every object of the first counts as removed and every one of the second as added.';
    case 'numbered-anew':
      return 'The two snapshots are of the same process, but its objects were numbered anew in between, as they are after each connection: every object of the first counts as removed and every one of the second as added. Only the changes in size and count say something. plateau heap hunt takes snapshots that can be compared object by object.';
  }
}

/** `1 "main", 2 "worker"`, as `--profile` takes them. */
export function profileList(names: readonly string[]): string {
  const shown = names.slice(0, 30).map((name, i) => `${i + 1} "${printable(shorten(name, 80))}"`);
  return shown.join(', ') + (names.length > shown.length ? ` and ${formatCount(names.length - shown.length)} more` : '');
}

const ONE_NUMBERING =
  'Let plateau heap hunt take the snapshots (with --pid in a running program), or start the program with node --heapsnapshot-signal=SIGUSR2 and send it that signal three times.';

export function describeLeakReportIssue(issue: LeakReportIssue): string {
  switch (issue.kind) {
    case 'unread':
      return `${issue.file}: ${describeHeapIssue(issue.issue)}`;
    case 'other-process':
      return `${issue.file} is of another process or another connection: the ids in it are not those of the others, so nothing can be said of leaks. ${ONE_NUMBERING}`;
    case 'numbered-anew':
      return `These snapshots of process ${issue.pid} number its objects anew: a connection that ends does that, so nothing can be said of leaks. ${ONE_NUMBERING}`;
    case 'debugger-left':
      return `Another debugger left ${issue.pid > 0 ? `process ${issue.pid}` : 'the program'} during the hunt: V8 numbers all objects anew then, so nothing can be said of leaks. Close it (DevTools, an editor), and hunt again.`;
    case 'cut-off': {
      const { kind } = issue.warning;
      const where = kind === 'truncated' || kind === 'malformed' ? `, at byte ${formatCount(issue.warning.offset)}` : '';
      return `${issue.file}: The snapshot ${kind === 'truncated' ? 'ends early' : 'is damaged'}${where}: what leaks can only be told from whole ones. Copy it again, or take all three anew. plateau heap summary shows what there is.`;
    }
    case 'wrong-order':
      return 'The snapshots do not follow each other: an earlier one has newer objects. Give the oldest first, all of one process. Another debugger that left the program in between makes V8 number its objects anew; then hunt again without it.';
  }
}

/** A table of scripts that was not read. */
export function describeLargeScripts({ file, bytes }: { readonly file: string; readonly bytes: number }): string {
  return `${file} was not read: it has ${formatBytes(bytes)}, more than a table of scripts has. Functions cannot be led to files.`;
}
