import { formatBytes, formatCount, plural } from '../../shared/format';
import type { HeapIssue, HeapWarning } from '../../shared/issue';
import { describeProfileIssue, foreign } from '../profile/describe-profile-issue';
import { describeSpecialFile } from '../support/describe-file-issue';

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
      return `The snapshot's root is at place ${formatCount(issue.rootIndex)} of its list of nodes, not at the front, as V8 has it. Take it again with Node.js or Chrome.`;
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
      return `The snapshot ends early, at byte ${formatCount(warning.offset)}: what comes before is shown, sizes that objects keep alive may be too small.`;
    case 'malformed':
      return `At byte ${formatCount(warning.offset)}, ${warning.expected} was expected; what comes before it is shown.`;
    case 'missing-section':
      return `The snapshot has no list of ${warning.name}.`;
    case 'bad-values':
      return `${plural(warning.count, 'value')} of the wrong type or out of range, the first at byte ${formatCount(warning.offset)}, ${are(warning.count)} read as 0.`;
    case 'count-mismatch':
      return `The snapshot tells of ${formatCount(warning.told)} ${warning.of}, but has ${formatCount(warning.found)}; what it has is shown.`;
    case 'edges-outside':
      return `${plural(warning.count, 'reference')} to objects that are not in the file ${are(warning.count)} left out.`;
    case 'edge-counts':
      return `The objects tell of ${formatCount(warning.told)} references, but the list has ${formatCount(warning.found)}: some may belong to the wrong object.`;
    case 'other-process':
      return 'The two snapshots are of different processes: objects cannot be matched by their ids, so every object of the first counts as removed and every one of the second as added.';
    case 'numbered-anew':
      return 'The two snapshots are of the same process, but its objects got new numbers in between, as they do after each connection: every object of the first counts as removed and every one of the second as added. Only the changes in size and count say something. plateau heap hunt takes snapshots that can be compared object by object.';
  }
}

/** A table of scripts that was not read. */
export function describeLargeScripts({ file, bytes }: { readonly file: string; readonly bytes: number }): string {
  return `${file} was not read: it has ${formatBytes(bytes)}, more than a table of scripts has. Functions cannot be led to files.`;
}
