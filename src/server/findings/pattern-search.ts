import type { PatternRule } from '../../core/findings/patterns/pattern-rule';
import type { Settings } from '../../protocol/lsp';
import { describePatternWarning } from '../../service/patterns/describe-pattern-warning';
import { findPatterns } from '../../service/patterns/pattern-findings';
import type { PatternScanner } from '../../service/patterns/pattern-scanner';
import type { ClientUi } from '../client-ui';
import { thresholdsOf } from '../settings';
import type { SourceCache } from '../sources';
import type { FindingSearch } from './findings';

/** Looks for patterns in the texts as they are now, open documents before files. One thread for all searches, so that its engine is loaded once. */
export function patternSearch(context: {
  readonly partsFolder: string;
  readonly scanner: PatternScanner;
  /** The user's own. */
  rules(): Promise<readonly PatternRule[]>;
  readonly sources: SourceCache;
  settings(): Settings;
  readonly ui: ClientUi;
}): FindingSearch {
  const { partsFolder, scanner, sources, ui } = context;
  return async (profile, { signal, onRead }) => {
    const readText = async (file: string): Promise<string | undefined> => {
      const text = sources.plain(file);
      if (text !== undefined) onRead(file, text);
      return text;
    };
    const { ignoredRules } = context.settings();
    const { minSamples } = thresholdsOf(context.settings());
    const rules = await context.rules();
    const found = await findPatterns(profile, { partsFolder, scanner, readText, rules, ignoredRules, minSamples, signal });
    for (const warning of found.warnings) {
      const text = describePatternWarning(warning);
      // What is not here or has changed is no news to whoever is at work on it; what is broken is.
      if (warning.kind === 'engine-failed') ui.showWarning(text);
      else ui.log(text);
    }
    return [...found.explained, ...found.findings, ...found.silenced];
  };
}
