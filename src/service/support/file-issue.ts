import type { FileIssue, SpecialFile } from '../../shared/issue';
import { describeFileIssue } from './describe-file-issue';

type Unreadable =
  | { readonly kind: 'not-a-file'; readonly found: SpecialFile }
  | { readonly kind: 'unreadable'; readonly code: string; readonly detail: string }
  | { readonly kind: 'cancelled' };

/** Why a profile or a snapshot that was to be opened is not, as its own kinds of issues have it. */
export function unreadable(issue: FileIssue): Unreadable {
  switch (issue.kind) {
    case 'cancelled':
      return issue;
    case 'missing':
      return { kind: 'unreadable', code: 'ENOENT', detail: 'it does not exist' };
    case 'not-regular':
      return issue.found === 'folder' ? { kind: 'unreadable', code: 'EISDIR', detail: 'it is a folder' } : { kind: 'not-a-file', found: issue.found };
    case 'unreadable':
      return { kind: 'unreadable', code: issue.code, detail: issue.code };
    default:
      return { kind: 'unreadable', code: '', detail: `it ${describeFileIssue(issue)}` };
  }
}
