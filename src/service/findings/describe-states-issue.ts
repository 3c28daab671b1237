import { printable, shorten } from '../../shared/format';
import type { StatesIssue } from '../../shared/issue';

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
