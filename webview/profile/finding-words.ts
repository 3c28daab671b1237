import { frameLabel } from '../../src/core/findings/explain';
import type { ProfileTables } from '../../src/core/profile/tables';
import type { FindingDto } from '../../src/protocol/findings';
import { functionIndex } from '../../src/shared/brands';
import { plainWords } from '../../src/shared/code-text';
import { levelWords } from '../../src/shared/finding-status';
import type { FindingLevel } from '../../src/shared/reported-finding';

const loudness: Readonly<Record<FindingLevel, number>> = { error: 0, warning: 1, info: 2 };

/** Functions of open findings, each by the loudest. */
export function marksOf(findings: readonly FindingDto[]): ReadonlyMap<number, FindingLevel> {
  const marks = new Map<number, FindingLevel>();
  for (const { status, functions, level } of findings) {
    if (status !== 'open') continue;
    for (const func of functions) {
      const known = marks.get(func);
      if (known === undefined || loudness[level] < loudness[known]) marks.set(func, level);
    }
  }
  return marks;
}

/** What a finding says, in the few words before its numbers; where it has none, where it is. */
export function gistOf({ summary, where }: Pick<FindingDto, 'summary' | 'where'>): string {
  const gist = /^[^:.,\d]{1,60}(?=:)/.exec(plainWords(summary))?.[0];
  return gist === undefined ? (where?.replace(/^.*[\\/]/, '') ?? '') : gist.charAt(0).toLowerCase() + gist.slice(1);
}

/** Whether the headline is the name of its function. */
export const isNamed = (tables: ProfileTables, { title, functions: [func] }: Pick<FindingDto, 'title' | 'functions'>): boolean =>
  func !== undefined && func < tables.functions.length && frameLabel(tables, functionIndex(func)) === title;

/** Most that are told of one function where there is little room. */
const TOLD = 3;

/** The open findings of a function, a line each: for tooltips and screen readers. */
export function findingLines(
  { findings, base }: { readonly findings: readonly FindingDto[]; readonly base: ProfileTables },
  func: number,
): { readonly text: string }[] {
  return findings
    .filter(({ status, functions }) => status === 'open' && functions.includes(func))
    .slice(0, TOLD)
    .map((finding) => ({ text: `${levelWords[finding.level]}: ${isNamed(base, finding) ? gistOf(finding) : finding.title}` }));
}
