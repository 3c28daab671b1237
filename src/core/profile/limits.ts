import type { Counted, ProfileIssue } from '../../shared/issue';

/**
 * How much of anything a profile may have: several times what the largest that are recorded have, and
 * little enough that its tables, of some hundred bytes a row, fit into memory. A file that is made for it
 * could ask for far more than its size.
 */
export const limits: Readonly<Record<Counted, number>> = {
  nodes: 1 << 25,
  functions: 1 << 24,
  strings: 1 << 25,
  threads: 1 << 15,
  levels: 100_000,
};

/** Ends reading; `readAnyProfile` and `readCpuProfile` make it an issue. */
export class TooMany extends Error {
  readonly issue: ProfileIssue;

  constructor(of: Counted, limit: number = limits[of]) {
    super(`more than ${limit} ${of}`);
    this.issue = { kind: 'too-many', of, limit };
  }
}

/** Called before one more thread is read. */
export function refuseThreads(count: number): void {
  if (count >= limits.threads) throw new TooMany('threads');
}
