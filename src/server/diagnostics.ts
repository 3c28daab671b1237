import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver/node';
import { frameLabel } from '../core/findings/explain';
import { neighbours } from '../core/profile/neighbours';
import type { ExplainedFinding, OpenedProfile } from '../service/opened-profile';
import type { FunctionIndex } from '../shared/brands';
import { formatCost, formatShare } from '../shared/format';
import { type SourceCache, uriOfFile } from './sources';

/** A profile's findings as diagnostics, by file. A finding without a place in the user's files has none. */
export function diagnosticsOf(profile: OpenedProfile, sources: SourceCache): Map<string, Diagnostic[]> {
  const byFile = new Map<string, Diagnostic[]>();
  for (const explained of profile.findings) {
    const func = blamedFunction(explained);
    const place = func === undefined ? undefined : profile.sources.place(func);
    if (func === undefined || !place?.exists) continue;
    const range = currentRange(profile, func, place, sources);
    if (!range) continue;
    const list = byFile.get(place.file) ?? [];
    list.push({
      range,
      severity: explained.finding.level === 'error' ? DiagnosticSeverity.Warning : DiagnosticSeverity.Information,
      source: 'Plateau',
      code: explained.finding.kind,
      message: `${explained.title}: ${explained.summary} ${explained.advice}`,
      relatedInformation: callers(profile, func),
    });
    byFile.set(place.file, list);
  }
  return byFile;
}

/** The function in the user's own code that a finding is shown at. */
function blamedFunction({ finding }: ExplainedFinding): FunctionIndex | undefined {
  if (finding.kind !== 'plateau' && finding.kind !== 'gc') return undefined;
  return finding.blame?.func ?? finding.func;
}

function currentRange(
  profile: OpenedProfile,
  _func: FunctionIndex,
  place: { file: string; line: number; column: number },
  sources: SourceCache,
): Diagnostic['range'] | undefined {
  const aligned = sources.aligned(profile, place.file);
  const line = aligned ? (aligned[place.line - 1] ?? -1) : place.line - 1;
  if (line < 0) return undefined;
  const named = sources
    .text(place.file)
    ?.functions.find((one) => one.nameLine === line && Math.abs(one.v8Column - (place.column - 1)) <= one.nameEndColumn - one.nameColumn + 1);
  const from = named?.nameColumn ?? place.column - 1;
  const to = named?.nameEndColumn ?? place.column;
  return { start: { line, character: from }, end: { line, character: to } };
}

function callers(profile: OpenedProfile, func: FunctionIndex): NonNullable<Diagnostic['relatedInformation']> {
  const near = neighbours(profile.tables, func);
  return near.callers.slice(0, 3).flatMap((caller) => {
    const place = profile.sources.place(caller.func);
    if (!place?.exists) return [];
    const position = { line: place.line - 1, character: place.column - 1 };
    return [
      {
        location: { uri: uriOfFile(place.file), range: { start: position, end: position } },
        message: `called from ${frameLabel(profile.tables, caller.func)}: ${formatCost(caller.total, profile.tables.unit)}, ${formatShare(near.total > 0 ? caller.total / near.total : 0)} of its calls' time`,
      },
    ];
  });
}
