import type { FindingDto } from '../../protocol/findings';
import { fileText } from '../../service/export/place-text';
import type { FindingSource } from '../../service/findings/finding-source';
import type { TrackedFinding } from '../../shared/finding-status';
import type { SourceCache } from '../sources';
import { lineNow } from './finding-places';

export function findingDtos(profile: FindingSource, tracked: readonly TrackedFinding[], roots: readonly string[], sources: SourceCache): FindingDto[] {
  return tracked.map(({ finding: { fix, ...finding }, status, note }) => {
    const { place } = finding;
    const line = place && lineNow(profile, place.file, place.line, sources);
    const shown = place && fileText(place.file, roots);
    return {
      ...finding,
      status,
      note,
      fix: fix && { title: fix.title, safety: fix.safety },
      where: shown === undefined ? undefined : line === undefined ? `${shown} (the line was changed)` : `${shown}:${line}`,
    };
  });
}
