import path from 'node:path';
import { Category, categoryNames } from '../../core/profile/categories';
import { functionsBySelf } from '../../core/profile/costs/function-costs';
import { type FunctionIndex, functionIndex, type Unit } from '../../shared/brands';
import { formatCost, formatCount, formatShare, printable, shorten } from '../../shared/format';
import type { OpenedProfile } from '../profile/opened-profile';
import { describeNoFindings, describeThread } from '../profile/shown-threads';
import { loopText, recordingText } from '../recordings/describe-recording';
import { sharedFileText } from './place-text';
import { analyzeReport, type FindingReport } from './report';

/** What the report and the Markdown summary say: `analyzeReport`, cut to what people read, with the words around it. */
export interface ReportSummary {
  readonly title: string;
  readonly subtitle: string;
  /** `1,234 calls/s …`, of a loop. */
  readonly loop: string | undefined;
  readonly unit: Unit;
  /** What shares are shares of, in the profile's unit, and what to call it. */
  readonly active: number;
  readonly whole: string;
  readonly figures: readonly Figure[];
  readonly findings: readonly FindingSummary[];
  /** What is said where there are none. */
  readonly none: string;
  readonly functions: readonly FunctionRow[];
  readonly lines: readonly HotLineRow[];
  readonly warnings: readonly string[];
}

export interface Figure {
  readonly label: string;
  readonly value: string;
}

export interface FindingSummary extends FindingReport {
  /** The function that its title names, where it names one. */
  readonly func: FunctionIndex | undefined;
  /** `src/orders.ts:12`; empty where it has no place. */
  readonly where: string;
}

/** Costs in the profile's unit, shares from 0 to 1. */
export interface FunctionRow {
  readonly func: FunctionIndex;
  readonly name: string;
  /** Empty for what has none. */
  readonly file: string;
  /** 1-based; 0 for none. */
  readonly line: number;
  readonly category: string;
  readonly self: number;
  readonly selfShare: number;
  readonly total: number;
  readonly totalShare: number;
  readonly samples: number;
}

export interface HotLineRow {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly self: number;
  readonly share: number;
}

/** Longer names and paths are cut in the middle: a hostile one would be most of the file. */
const MAX_NAME = 200;
const MAX_FILE = 300;

/** The share from which a function without a cost of its own is in the table, for what it calls. */
const WORTH_TELLING = 0.01;

const wholes: Readonly<Record<Unit, string>> = { microseconds: 'active time', bytes: 'all bytes', count: 'everything counted' };

export function summarize(profile: OpenedProfile, roots: readonly string[], top: { readonly functions: number; readonly lines: number }): ReportSummary {
  const { tables, costs, totals, info } = profile;
  const base = info && 'cwd' in info.recipe ? [...roots, info.recipe.cwd] : roots;
  const place = (url: string): string => nameOfFile(url, base);
  const isShown = (func: FunctionIndex): boolean => {
    const category = tables.functions.category[func] as number;
    if (category === Category.Root || category === Category.Idle) return false;
    return (costs.self[func] as number) > 0 || (costs.total[func] as number) >= totals.active * WORTH_TELLING;
  };
  const bySelf = functionsBySelf(costs);
  const hidden = bySelf.filter((func) => !isShown(func)).length;
  const report = analyzeReport(profile, Math.max(top.functions + hidden, top.lines));
  const rows = report.functions.map((row, i) => ({ func: bySelf[i] as FunctionIndex, row }));
  return {
    title: printable(info?.title ?? path.basename(profile.file)),
    subtitle: [printable(info ? recordingText(info) : profile.file === '' ? '' : sharedFileText(profile.file, base)), threadText(profile)]
      .filter(Boolean)
      .join(' · '),
    loop: info?.loop && loopText(info.loop),
    unit: tables.unit,
    active: totals.active,
    whole: wholes[tables.unit],
    figures: figuresOf(profile),
    findings: report.findings.map((finding, i) => ({
      ...finding,
      func: functionOf(profile, i),
      where: finding.place ? placeOf({ file: place(finding.place.file), line: finding.place.line }) : '',
    })),
    none: describeNoFindings(profile) ?? 'None: no hot spots.',
    functions: rows
      .filter(({ func }) => isShown(func))
      .slice(0, top.functions)
      .map(({ func, row }) => ({
        func,
        name: nameOf(row.name),
        file: row.source ? place(row.source.file) : row.url === '' ? '' : place(row.url),
        line: row.source?.line ?? Math.max(0, row.line),
        category: categoryNames[tables.functions.category[func] as Category] ?? '',
        self: costs.self[func] as number,
        selfShare: row.selfPct / 100,
        total: costs.total[func] as number,
        totalShare: row.totalPct / 100,
        samples: row.samples,
      })),
    lines: report.lines.slice(0, top.lines).map((row) => ({
      file: place(row.source ?? row.url),
      line: row.line,
      name: nameOf(row.function),
      self: row.selfMs * 1000,
      share: row.selfPct / 100,
    })),
    warnings: report.warnings,
  };
}

/** Which thread it is, where there are several: `thread task.js, the busiest of 4; the others: …`. */
function threadText({ threads }: OpenedProfile): string {
  return threads ? describeThread(threads) : '';
}

/** A function's name as the report shows it. */
export const nameOf = (name: string): string => shorten(printable(name === '' ? '(anonymous)' : name), MAX_NAME);
export const nameOfFile = (url: string, roots: readonly string[]): string => (url === '' ? '' : shorten(printable(sharedFileText(url, roots)), MAX_FILE));

/** `src/a.ts:12`; the file alone where no line is known. */
export const placeOf = ({ file, line }: { readonly file: string; readonly line: number }): string => (file !== '' && line > 0 ? `${file}:${line}` : file);

function figuresOf({ tables, totals }: OpenedProfile): Figure[] {
  const figure = (label: string, value: string): Figure => ({ label, value });
  const samples = figure('samples', formatCount(totals.samples));
  if (tables.unit !== 'microseconds') return [figure('in total', formatCost(totals.active, tables.unit)), ...(totals.samples > 0 ? [samples] : [])];
  const time = (cost: number): string => formatCost(cost, tables.unit);
  const part = (label: string, cost: number, of: number): string => (of > 0 ? `${label} ${formatShare(cost / of)}` : label);
  return [
    figure('recorded', time(totals.duration)),
    figure(part('active', totals.active, totals.duration), time(totals.active)),
    figure(part('GC', totals.gc, totals.active), time(totals.gc)),
    figure(part('idle', totals.idle, totals.duration), time(totals.idle)),
    ...(totals.notSampled > 0 ? [figure('not sampled', time(totals.notSampled))] : []),
    ...(totals.unsampled >= totals.duration * WORTH_TELLING ? [figure('before the first sample', time(totals.unsampled))] : []),
    samples,
  ];
}

function functionOf({ findings }: OpenedProfile, at: number): FunctionIndex | undefined {
  const finding = findings[at];
  const func = finding?.rule === 'plateau' ? finding.functions[0] : undefined;
  return func === undefined ? undefined : functionIndex(func);
}
