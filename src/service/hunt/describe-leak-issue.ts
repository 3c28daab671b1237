import { formatCount } from '../../shared/format';
import { describeHeapIssue } from '../heap/describe-heap-issue';
import type { LeakReportIssue } from './leak-report';

const ONE_NUMBERING =
  'Let plateau heap hunt take the snapshots (with --pid in a running program), or start the program with node --heapsnapshot-signal=SIGUSR2 and send it that signal three times.';

export function describeLeakReportIssue(issue: LeakReportIssue): string {
  switch (issue.kind) {
    case 'unread':
      return `${issue.file}: ${describeHeapIssue(issue.issue)}`;
    case 'other-process':
      return `${issue.file} is of another process or another connection: the ids in it are not those of the others, so nothing can be said of leaks. ${ONE_NUMBERING}`;
    case 'numbered-anew':
      return `These snapshots of process ${issue.pid} give its objects new numbers: a connection that ends does that, so nothing can be said of leaks. ${ONE_NUMBERING}`;
    case 'debugger-left':
      return `Another debugger left ${issue.pid > 0 ? `process ${issue.pid}` : 'the program'} during the hunt: V8 gives all objects new numbers then, so nothing can be said of leaks. Close it (DevTools, an editor), and hunt again.`;
    case 'cut-off': {
      const { kind } = issue.warning;
      const where = kind === 'truncated' || kind === 'malformed' ? `, at byte ${formatCount(issue.warning.offset)}` : '';
      return `${issue.file}: The snapshot ${kind === 'truncated' ? 'ends early' : 'is damaged'}${where}: leaks can only be found in whole ones. Copy it again, or take all three again. plateau heap summary shows what there is.`;
    }
    case 'wrong-order':
      return 'The snapshots do not follow each other: an earlier one has newer objects. Give the oldest first, all of one process. Another debugger that left the program in between makes V8 give its objects new numbers; then hunt again without it.';
  }
}
