import { formatBytes } from '../../shared/format';
import type { FileIssue, SpecialFile } from '../../shared/issue';

const specials: Readonly<Record<SpecialFile, string>> = {
  folder: 'a folder',
  pipe: 'a pipe',
  socket: 'a socket',
  device: 'a device',
  link: 'a link that leads to no file',
};

/** That what was to be opened is no regular file, as a sentence. */
export const describeSpecialFile = (found: SpecialFile): string =>
  found === 'link'
    ? 'This is a link that leads to no file. Open the file itself.'
    : `This is ${specials[found]}, not a file. Copy what it gives into a file, and open that.`;

/** Why a file is not read, as what follows "it" or a name: "is a pipe, not a file". Never holds what is in the file. */
export function describeFileIssue(issue: FileIssue): string {
  switch (issue.kind) {
    case 'missing':
      return 'does not exist; it may have been moved or deleted';
    case 'not-regular':
      return `is ${specials[issue.found]}, and only regular files are read; copy what it gives into a file`;
    case 'too-large':
      return `has more than the ${formatBytes(issue.limit)} that are read of such a file`;
    case 'too-heavy':
      return `would take more than ${formatBytes(issue.limit)} of memory`;
    case 'outside':
      return issue.isLink
        ? 'is a link to a place outside of the folder that is open, and such links are not followed; put the file itself there'
        : 'lies outside of the folder that is open; put it there';
    case 'not-local':
      return 'is on another machine or names a device, which is not touched unless you ask for it; copy it to this machine';
    case 'too-slow':
      return `was not read within ${issue.milliseconds / 1000} s; see whether its disk or network answers`;
    case 'too-late':
      return `was not read: those before it took the ${issue.milliseconds / 1000} s that there are for all`;
    case 'unreadable':
      return issue.code === 'EACCES' || issue.code === 'EPERM' ? 'may not be read by you; change its permissions' : `cannot be read (${issue.code})`;
    case 'cancelled':
      return 'was not read: cancelled';
  }
}
