import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver/node';
import type { OpenedProfile } from '../service/opened-profile';
import type { SourceRange } from '../shared/reported-finding';
import { type SourceCache, uriOfFile } from './sources';

/** A profile's findings as diagnostics, by file. A finding without a place in the user's files has none. */
export function diagnosticsOf(profile: OpenedProfile, sources: SourceCache): Map<string, Diagnostic[]> {
  const byFile = new Map<string, Diagnostic[]>();
  for (const { place, level, rule, title, summary, advice, related } of profile.findings) {
    const range = place && currentRange(profile, place, sources);
    if (!place || !range) continue;
    const list = byFile.get(place.file) ?? [];
    list.push({
      range,
      severity: level === 'error' ? DiagnosticSeverity.Warning : DiagnosticSeverity.Information,
      source: 'Plateau',
      code: rule,
      message: `${title}: ${summary} ${advice}`,
      relatedInformation: related.map((one) => ({ message: one.message, location: { uri: uriOfFile(one.place.file), range: rangeOf(one.place) } })),
    });
    byFile.set(place.file, list);
  }
  return byFile;
}

/** Where a place stands now; undefined where its line was changed or removed. */
function currentRange(profile: OpenedProfile, place: SourceRange, sources: SourceCache): Diagnostic['range'] | undefined {
  const aligned = sources.aligned(profile, place.file);
  const line = aligned ? (aligned[place.line - 1] ?? -1) : place.line - 1;
  return line < 0 ? undefined : { start: { line, character: place.column - 1 }, end: { line, character: place.endColumn - 1 } };
}

const rangeOf = ({ line, column, endLine, endColumn }: SourceRange): Diagnostic['range'] => ({
  start: { line: line - 1, character: column - 1 },
  end: { line: endLine - 1, character: endColumn - 1 },
});
