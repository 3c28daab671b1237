import { formatBytes, formatCount, printable, shorten } from '../../shared/format';
import type { Counted, ForeignFormat, ProfileFormat, ProfileIssue } from '../../shared/issue';
import { describeSpecialFile } from '../support/describe-file-issue';

/** What a file is that is no profile, in words. */
export const foreign: Readonly<Record<ForeignFormat, string>> = {
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

/** `1 "main", 2 "worker"`, as `--profile` takes them. */
export function profileList(names: readonly string[]): string {
  const shown = names.slice(0, 30).map((name, i) => `${i + 1} "${printable(shorten(name, 80))}"`);
  return shown.join(', ') + (names.length > shown.length ? ` and ${formatCount(names.length - shown.length)} more` : '');
}
