import type { FixDto } from '../../protocol/findings';
import type { Failure } from '../../protocol/lsp';
import type { FindingSource } from '../../service/findings/finding-source';
import type { FindingFix } from '../../shared/reported-finding';
import { applyEdits, rebaseEdits } from '../../source/rebase-edits';
import type { SourceCache } from '../sources';
import type { FindingStore } from './findings';

/** A fix for the text as it is now; a failure where what it touches has been changed since it was worked out. */
export function fixNow(profile: FindingSource, fix: FindingFix, store: FindingStore, sources: SourceCache): FixDto | Failure {
  const before = sources.plain(fix.file);
  if (before === undefined) return { failed: `${fix.file} cannot be read any more. Profile again for a new fix.` };
  const scanned = store.scannedText(profile, fix.file);
  const edits = scanned === undefined ? undefined : rebaseEdits(scanned, before, fix.edits);
  const after = edits && applyEdits(before, edits);
  if (!edits || after === undefined)
    return { failed: 'The lines that the fix is for have been changed since. Nothing was applied; profile again for a new fix.' };
  return { title: fix.title, safety: fix.safety, file: fix.file, before, after, edits };
}
