import path from 'node:path';
import { type Diagnostic, DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver/node';
import type { FindingSource } from '../../service/findings/finding-source';
import { plainWords } from '../../shared/code-text';
import type { TrackedFinding } from '../../shared/finding-status';
import { commandUri } from '../../shared/markdown';
import type { FindingLevel } from '../../shared/reported-finding';
import { type SourceCache, uriOfFile } from '../sources';
import { rangeNow } from './finding-places';

/**
 * A finding is no mistake in the code, so none is an error here: what is almost certainly
 * the bottleneck is a warning, what must be investigated is information, and the rest are
 * hints, which are in the text and not in the Problems panel.
 */
const severities: Readonly<Record<FindingLevel, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Warning,
  warning: DiagnosticSeverity.Information,
  info: DiagnosticSeverity.Hint,
};

/** What a diagnostic carries to the code actions for it. */
export interface FindingData {
  readonly profile: string;
  readonly id: string;
}

/** Shows the diagnostics of several sources together, and clears those of files that have none any more. */
export function diagnosticsPublisher(publish: (uri: string, diagnostics: Diagnostic[]) => void): (found: readonly ReadonlyMap<string, Diagnostic[]>[]) => void {
  let published = new Set<string>();
  return (found) => {
    const files = new Set(found.flatMap((one) => [...one.keys()]));
    for (const file of published) if (!files.has(file)) publish(uriOfFile(file), []);
    for (const file of files)
      publish(
        uriOfFile(file),
        found.flatMap((one) => one.get(file) ?? []),
      );
    published = files;
  };
}

/** The open findings of a profile or a hunt as diagnostics, by file. A finding without a place in the user's files has none. */
export function diagnosticsOf(
  profile: FindingSource,
  tracked: readonly TrackedFinding[],
  context: { readonly sources: SourceCache; readonly isExtension: boolean; readonly docs: string },
): Map<string, Diagnostic[]> {
  const byFile = new Map<string, Diagnostic[]>();
  for (const { finding, status, note } of tracked) {
    const { place, level, rule, id, title, summary, advice, related, page, also } = finding;
    const range = status === 'open' && place ? rangeNow(profile, place, context.sources) : undefined;
    if (!place || !range) continue;
    const data: FindingData = { profile: profile.file, id };
    const about: Pick<Diagnostic, 'severity' | 'source' | 'code' | 'data'> = { severity: severities[level], source: 'Plateau', code: rule, data };
    const add = (file: string, diagnostic: Diagnostic): void => void byFile.set(file, [...(byFile.get(file) ?? []), diagnostic]);
    add(place.file, {
      ...about,
      range,
      ...(page === undefined ? {} : { codeDescription: { href: pageUri(page, context) } }),
      // A comment that silences nothing is of no use: editors fade it.
      ...(rule === 'unused-suppression' ? { tags: [DiagnosticTag.Unnecessary] } : {}),
      message: [`${title}: ${plainWords(summary)}`, plainWords(advice), note].filter(Boolean).join(' '),
      relatedInformation: related.flatMap(({ message, place: at }) => {
        const there = rangeNow(profile, at, context.sources);
        return there ? [{ message, location: { uri: uriOfFile(at.file), range: there } }] : [];
      }),
    });
    const second = also && rangeNow(profile, also.place, context.sources);
    if (!also || !second) continue;
    const first = [{ message: 'kept here', location: { uri: uriOfFile(place.file), range } }];
    add(also.place.file, { ...about, range: second, message: [`${title}: ${also.message}`, note].filter(Boolean).join(' '), relatedInformation: first });
  }
  return byFile;
}

/** Where a rule's page opens: in VS Code as a preview, elsewhere as the file that comes with Plateau. */
function pageUri(page: string, { isExtension, docs }: { readonly isExtension: boolean; readonly docs: string }): string {
  return isExtension ? commandUri('plateau.explainFinding', [page]) : uriOfFile(path.join(docs, page));
}
