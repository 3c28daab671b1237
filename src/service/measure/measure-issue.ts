import type { CaptureIssue, ProcessExit } from '../../capture/records/capture-issue';
import { describeCaptureIssue } from '../recording/describe-capture-issue';

/** Why nothing was measured. */
export type MeasureIssue =
  | { readonly kind: 'no-repository'; readonly folder: string }
  | { readonly kind: 'no-such-version'; readonly ref: string }
  | { readonly kind: 'no-worktree'; readonly ref: string; readonly detail: string }
  | { readonly kind: 'not-installed'; readonly ref: string }
  /** The command does not do its work there. */
  | { readonly kind: 'failed-run'; readonly version: string; readonly exit: ProcessExit }
  /** Of a program that Plateau would have to translate first. */
  | { readonly kind: 'needs-translation'; readonly file: string }
  | { readonly kind: 'unreadable-profile'; readonly version: string; readonly detail: string }
  | { readonly kind: 'capture'; readonly issue: CaptureIssue }
  | { readonly kind: 'cancelled' };

/** In a sentence or two. */
export function describeMeasureIssue(issue: MeasureIssue): string {
  switch (issue.kind) {
    case 'no-repository':
      return `${issue.folder} is in no git repository, so there is no other version to measure against. plateau compare takes recordings.`;
    case 'no-such-version':
      return `git knows no commit "${issue.ref}". Give a branch, a tag, a commit, or HEAD~1.`;
    case 'no-worktree':
      return `git could not check ${issue.ref} out beside: ${issue.detail}`;
    case 'not-installed':
      return `The dependencies of ${issue.ref} could not be installed. Without --install those of the working tree are linked.`;
    case 'failed-run':
      return `The command ${issue.exit.signal === null ? `ended with exit code ${issue.exit.code}` : `was ended by ${issue.exit.signal}`} in ${issue.version}, so nothing was measured. Run it there by itself to see why.`;
    case 'needs-translation':
      return `${issue.file} has to be translated first, and that would be measured with it. Measure what runs it, as in "node --import tsx ${issue.file}", or its build.`;
    case 'unreadable-profile':
      return `A profile of ${issue.version} could not be read: ${issue.detail}`;
    case 'capture':
      return describeCaptureIssue(issue.issue);
    case 'cancelled':
      return 'Cancelled. Nothing was measured, and nothing is left.';
  }
}
