import type { FindingLevel, ReportedFinding } from './reported-finding';

/** The levels as words, so that none is told by its colour alone. */
export const levelWords: Readonly<Record<FindingLevel, string>> = { error: 'Bottleneck', warning: 'Investigate', info: 'Note' };

/** Where a finding stands on the list of what to do. */
export const findingStatuses = ['open', 'done', 'ignored'] as const;
export type FindingStatus = (typeof findingStatuses)[number];

/** A finding and where it stands. */
export interface TrackedFinding {
  readonly finding: ReportedFinding;
  readonly status: FindingStatus;
  /** Why it stands there, where that needs a word: marked done and seen again, ignored by a comment. Plain text. */
  readonly note: string | undefined;
}
