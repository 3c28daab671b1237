import type { ReportedFinding } from '../../src/shared/reported-finding';

/** A finding of a made-up rule; what matters to a test is given. */
export function finding(given: Partial<ReportedFinding> = {}): ReportedFinding {
  return {
    id: 'find-in-loop:src/match.ts:match',
    rule: 'find-in-loop',
    origin: 'pattern',
    level: 'warning',
    title: 'find in a loop',
    summary: 'It looks through the whole list for each element.',
    advice: 'Make a Map of it before the loop.',
    share: 0.42,
    margin: 0.03,
    cost: 420_000,
    samples: 420,
    functions: [],
    place: { file: '/app/src/match.ts', line: 3, column: 5, endLine: 3, endColumn: 20 },
    related: [],
    page: undefined,
    fix: undefined,
    ...given,
  };
}
