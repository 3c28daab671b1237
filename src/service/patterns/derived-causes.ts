import { causeFinder } from '../../core/findings/patterns/derived/derived-cause';
import type { PlacedFunction } from '../../core/findings/patterns/derived/derived-types';
import type { FileScan } from '../../core/findings/patterns/scan';
import { OWN_GARBAGE } from '../../core/findings/rules/gc';
import { functionAt } from '../../core/profile/tables';
import { functionIndex } from '../../shared/brands';
import { plainWords } from '../../shared/code-text';
import { formatShare } from '../../shared/format';
import type { ReportedFinding } from '../../shared/reported-finding';
import type { OpenedProfile } from '../profile/opened-profile';
import type { ScannedFile } from './pattern-files';

/** Findings that name a place alone, of which the syntax around it may tell the cause. */
const NAMELESS: ReadonlySet<string> = new Set([
  'plateau',
  'stack-plateau',
  'costly-call',
  'json',
  'structured-clone',
  'regexp',
  'sync-fs',
  'sync-zlib',
  'sync-child-process',
  'crypto',
]);

/**
 * The findings of a profile whose cause follows from the syntax and the call path, with it: the same findings, under
 * the same ids. Those of files that have changed since are left as they are.
 */
export function withCauses(profile: OpenedProfile, files: readonly ScannedFile[], scans: readonly (FileScan | undefined)[]): ReportedFinding[] {
  const { tables, sources, findings } = profile;
  if (tables.unit !== 'microseconds') return [];
  const placed = scans.flatMap((scan, i): PlacedFunction[] => {
    const { job, recorded } = files[i] as ScannedFile;
    return recorded ? [] : (scan?.facts ?? []).map((fact) => ({ file: job.file, fact }));
  });
  if (placed.length === 0) return [];
  const finder = causeFinder(tables, placed, (file) => file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1));
  const first = new Map<string, ReportedFinding>();
  const echoes = new Map<string, number>();
  const explained = findings.flatMap((finding): ReportedFinding[] => {
    if (finding.rule === 'gc') {
      const made = finding.advice === OWN_GARBAGE ? finder.makingOf(finding.functions.slice(0, 1)) : undefined;
      return made
        ? [{ ...finding, title: `${finding.title}: ${plainWords(made.title)}`, summary: `${made.sentence} ${finding.summary}`, advice: made.advice }]
        : [];
    }
    if (!NAMELESS.has(finding.rule)) return [];
    const isCall = finding.rule === 'costly-call';
    const [func, other] = isCall ? [finding.functions[1], finding.functions[0]] : finding.functions;
    if (func === undefined) return [];
    const own = sources.functionLines(functionIndex(func));
    const lines = own?.lines ?? new Map<number, { self: number }>();
    const cause = finder.causeOf({
      func,
      caller: other,
      cost: finding.cost,
      called: functionAt(tables, functionIndex(func)).name.split('.').at(-1),
      package: functionAt(tables, functionIndex(func)).package,
      file: own?.file,
      lines: new Map([...lines].map(([line, { self }]) => [line, self])),
    });
    if (!cause) return inDevelopment(finding, functionAt(tables, functionIndex(func)));
    // One cause, one finding: the trace that a function makes costs in the function and in V8's.
    const key = cause.key ?? `${cause.file}:${cause.line} ${cause.title}`;
    const before = first.get(key);
    if (before) {
      echoes.set(before.id, (echoes.get(before.id) ?? 0) + finding.share);
      return [{ ...finding, isEcho: true }];
    }
    const told: ReportedFinding = {
      ...finding,
      title: `${finding.title}: ${plainWords(cause.title)}`,
      summary: `${cause.sentence} ${finding.summary}`,
      advice: cause.advice,
    };
    first.set(key, told);
    return [told];
  });
  return explained.map((one) => {
    const more = echoes.get(one.id);
    return more === undefined ? one : { ...one, summary: `${one.summary} What belongs to it takes another ${formatShare(more)}.` };
  });
}

/** A finding in the development build of a package, which React and others have: it is named. */
function inDevelopment(finding: ReportedFinding, { url, package: of }: { readonly url: string; readonly package: string }): ReportedFinding[] {
  if (of === '' || !/\.development\.[cm]?js$/.test(url)) return [];
  return [
    {
      ...finding,
      title: `${finding.title}: the development build of ${plainWords(of)}`,
      summary: `The development build of ${plainWords(of)} is what runs: it checks and notes far more than the one for production. ${finding.summary}`,
      advice: `Set NODE_ENV=production where speed matters, and measure again. ${finding.advice}`,
    },
  ];
}
