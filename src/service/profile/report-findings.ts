import type { HotLine, LinesOf } from '../../core/findings/evidence';
import { frameLabel } from '../../core/findings/explain';
import { type Blame, type Finding, shareMargin } from '../../core/findings/finding';
import { Category } from '../../core/profile/categories';
import type { ProfileTotals } from '../../core/profile/costs/function-costs';
import { functionAt, type ProfileTables } from '../../core/profile/tables';
import { neighbours } from '../../core/profile/views/neighbours';
import { type FunctionIndex, functionIndex } from '../../shared/brands';
import { formatCost, formatShare, printable, shorten } from '../../shared/format';
import type { ReportedFinding, SourceRange } from '../../shared/reported-finding';
import { lastLine } from '../../source/parse/call-line';
import { calledAs, isComparator, lineOfPackageCall } from '../../source/parse/call-words';
import type { SourceView } from '../../source/source-view';
import { placeThatLoads } from '../support/loaded-place';
import type { ProfiledTexts } from './profiled-text';

/** The profile's part that findings are told from. */
export interface FindingContext {
  readonly tables: ProfileTables;
  readonly totals: ProfileTotals;
  readonly sources: SourceView;
  readonly texts: ProfiledTexts;
}

/** Callers that a finding lists as related places. */
const CALLERS = 3;
/** Longer lines are generated code, which says nothing line by line. */
const MAX_LINE = 400;

/** Findings as every shell shows them: with the line of the user's own code, callers, and a name that lasts. */
export function reportFindings(context: FindingContext, findings: readonly Finding[]): ReportedFinding[] {
  const taken = new Map<string, number>();
  return findings.map(({ blame, explains: _, effective: __, loads, ...finding }): ReportedFinding => {
    const id = idOf(context, finding.rule, blame ? [blame.func, ...finding.functions.slice(0, 1)] : finding.functions.slice(0, 1));
    const times = (taken.get(id) ?? 0) + 1;
    taken.set(id, times);
    const base = finding.rule === 'mostly-idle' ? context.totals.samples : context.totals.effectiveSamples;
    const words = calledWords(context, finding, blame);
    return {
      ...finding,
      title: words(finding.title),
      summary: `${words(finding.summary)}${blame && finding.rule === 'costly-call' ? sortingText(context, blame.func) : ''}`,
      id: times === 1 ? id : `${id}#${times}`,
      origin: 'heuristic',
      margin: shareMargin(finding.share, base),
      place: (blame && placeOfBlame(context, blame)) ?? (loads === undefined ? undefined : placeOfLoading(context, loads)),
      related: blame ? callersOf(context, blame.func) : [],
      page: `docs/findings/${finding.rule}.md`,
      fix: undefined,
    };
  });
}

/** The hot lines of a function with their texts, for rules that look at the source. */
export function linesFrom(sources: SourceView, texts: ProfiledTexts): LinesOf {
  return (func) => {
    const hot = sources.functionLines(func);
    if (!hot) return [];
    return [...hot.lines].flatMap(([line, { self, ticks }]): HotLine[] => {
      const text = texts.line(hot.file, line);
      return text === undefined || text.length > MAX_LINE ? [] : [{ line, self, ticks, text }];
    });
  };
}

/** `plateau:hot@src/orders.ts`: names and paths in the workspace, which are the same on another machine and after an edit. */
function idOf({ tables, sources }: FindingContext, rule: string, functions: readonly FunctionIndex[]): string {
  const names = new Set(
    functions.map((func) => {
      const { name, url } = functionAt(tables, func);
      const end = sources.nameOf(sources.fileOf(func) ?? url);
      return `${name || '(anonymous)'}${end === '' ? '' : `@${end}`}`;
    }),
  );
  return [rule, ...names].join(':');
}

/** The hottest line where the cost is the function's own, the line of the call where it is the callee's, else the function's. */
function placeOfBlame(context: FindingContext, blame: Blame): SourceRange | undefined {
  const place = context.sources.place(blame.func);
  if (!place?.exists) return undefined;
  const line = blame.line ?? (blame.callee === undefined ? hottestLine(context, blame.func, place.file) : lineOfCall(context, blame.callee, blame.func, place));
  return line === undefined || line === place.line ? lineRange(context, place.file, place.line, place.column) : lineRange(context, place.file, line, 1);
}

/** Where the program's own code loads a package: a file of the profile, or one that it loads in turn. */
function placeOfLoading(context: FindingContext, pkg: string): SourceRange | undefined {
  const { tables, sources, texts } = context;
  const files = new Set<string>();
  for (let func = 0; func < tables.functions.length; func++) {
    const file = tables.functions.category[func] === Category.User ? sources.fileOf(functionIndex(func)) : undefined;
    if (file !== undefined) files.add(file);
  }
  const found = placeThatLoads(pkg, [...files], texts.text);
  return found && lineRange(context, found.file, found.line, 1);
}

function hottestLine({ sources, texts }: FindingContext, func: FunctionIndex, file: string): number | undefined {
  const hot = sources.functionLines(func);
  if (hot?.file !== file) return undefined;
  const isCode = (line: number): boolean => !NO_CODE.test(texts.line(file, line) ?? 'unknown');
  const lines = [...hot.lines].filter(([line]) => isCode(line)).sort(([, a], [, b]) => b.self - a.self);
  const start = sources.place(func)?.line ?? 0;
  const [first] = lines[0] ?? [];
  if (first === undefined || first < start + FAR) return first;
  // Far down it may be a line of an inlined function, in whatever file: where does this one end?
  const text = texts.text(file);
  const end = text === undefined ? undefined : lastLine(text, file, start);
  return lines.find(([line]) => end === undefined || line <= end)?.[0];
}

/** Nothing runs on such a line: a cost there is an inlined function's, counted by its line in another file. */
const NO_CODE = /^\s*(?:$|\/[/*]|\*)/;

/** Lines below its head from which on a hot line is looked at twice. */
const FAR = 50;

function lineOfCall(
  { tables, sources, texts }: FindingContext,
  callee: FunctionIndex,
  caller: FunctionIndex,
  place: { readonly file: string; readonly line: number; readonly column: number },
): number | undefined {
  const text = texts.text(place.file);
  const hot = sources.functionLines(caller);
  const costOf = (line: number): number => (hot?.file === place.file ? (hot.lines.get(line)?.self ?? 0) : 0);
  const { name, package: pkg } = functionAt(tables, callee);
  return text === undefined ? undefined : lineOfPackageCall(text, place.file, place, { callee: name, pkg, costOf });
}

/** Puts the name by which the user's code calls a package's function in the place of the one that V8 gives it: `moment` for `hooks of moment`. */
function calledWords({ tables, sources, texts }: FindingContext, { rule }: Pick<Finding, 'rule'>, blame: Blame | undefined): (words: string) => string {
  const same = (words: string): string => words;
  if (rule !== 'costly-call' || blame?.callee === undefined) return same;
  const { name, package: pkg } = functionAt(tables, blame.callee);
  const place = sources.place(blame.func);
  const text = place?.exists ? texts.text(place.file) : undefined;
  const called = text === undefined || !place ? undefined : calledAs(text, place.file, place, { callee: name, pkg });
  if (called === undefined) return same;
  const ofPackage = ` of ${shorten(printable(pkg), 60)}`;
  return (words) =>
    words.replaceAll(`${frameLabel(tables, blame.callee as FunctionIndex)}${ofPackage}`, () => (called === pkg ? called : `${called}${ofPackage}`));
}

/** What is called while sorting is called far more often than there are elements. */
function sortingText({ tables, sources, texts }: FindingContext, func: FunctionIndex): string {
  const place = sources.place(func);
  const text = place?.exists ? texts.text(place.file) : undefined;
  const isSorting = place && text !== undefined && isComparator(text, functionAt(tables, func).name, place.line);
  return isSorting ? ' It is called while sorting, several times for each element: work that out once for each before.' : '';
}

/** A line from its first to its last character that is no white space. */
function lineRange({ texts }: FindingContext, file: string, line: number, column: number): SourceRange {
  const text = texts.line(file, line)?.trimEnd() ?? '';
  if (text === '') return { file, line, column, endLine: line, endColumn: column };
  return { file, line, column: text.length - text.trimStart().length + 1, endLine: line, endColumn: text.length + 1 };
}

function callersOf(context: FindingContext, func: FunctionIndex): ReportedFinding['related'] {
  const { tables, sources } = context;
  const near = neighbours(tables, func);
  return near.callers.slice(0, CALLERS).flatMap((caller) => {
    const place = sources.place(caller.func);
    if (!place?.exists) return [];
    const share = formatShare(near.total > 0 ? caller.total / near.total : 0);
    const message = `called from ${frameLabel(tables, caller.func)}: ${formatCost(caller.total, tables.unit)}, ${share} of its calls' time`;
    return [{ message, place: lineRange(context, place.file, place.line, place.column) }];
  });
}
