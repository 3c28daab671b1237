/** Findings as the shells of the server show them, and what can be asked about them. */
import type { FindingStatus } from '../shared/finding-status';
import type { FindingFix, ReportedFinding } from '../shared/reported-finding';
import type { Failure } from './lsp';

/** Which finding of which profile: what commands take. */
export interface FindingRef {
  /** The profile. */
  readonly file: string;
  readonly id: string;
}

/** Whether findings are those of a leak hunt, by the file of its result. */
export const isHunt = (file: string): boolean => file.endsWith('.hunt.json');

export interface FindingDto extends Omit<ReportedFinding, 'fix'> {
  readonly status: FindingStatus;
  /** Why it stands there, where that needs a word. */
  readonly note: string | undefined;
  /** What can be applied, without the edits. */
  readonly fix: Pick<FindingFix, 'title' | 'safety'> | undefined;
  /** `src/orders.ts:12`, on the lines as they are now; undefined where it has no place in a file of this machine. */
  readonly where: string | undefined;
}

/** A fix for the text as it is now. */
export interface FixDto {
  readonly title: string;
  readonly safety: FindingFix['safety'];
  /** Absolute. */
  readonly file: string;
  /** The text that the edits are made for, and what they make of it. */
  readonly before: string;
  readonly after: string;
  /** UTF-16 offsets in `before`. */
  readonly edits: FindingFix['edits'];
}

/** What became of a finding in a later recording. */
export interface FindingChangeDto {
  /** Whether the later recording still has it. */
  readonly isGone: boolean;
  /** A sentence or two with the numbers. */
  readonly message: string;
}

type OfProfile = { readonly file: string; readonly select?: number | 'merge' | undefined };

export interface FindingRequests {
  /** Loudest first. Those that take a while to find come later, with `plateau/findingsChanged`. */
  'plateau/findings': [OfProfile, readonly FindingDto[] | Failure];
  'plateau/setFindingStatus': [OfProfile & { readonly ids: readonly string[]; readonly status: FindingStatus }, Failure | undefined];
  /** Where a finding stands now: 1-based. */
  'plateau/findingPlace': [OfProfile & { readonly id: string }, { readonly file: string; readonly line: number; readonly column: number } | undefined];
  'plateau/findingFix': [OfProfile & { readonly id: string }, FixDto | Failure];
  'plateau/findingChange': [{ readonly id: string; readonly before: string; readonly after: string }, FindingChangeDto | Failure];
}

export interface FindingNotifications {
  /** The findings of a profile, or where they stand, may be others now. */
  'plateau/findingsChanged': { readonly file: string };
}
