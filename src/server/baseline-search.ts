import type { Thresholds } from '../core/findings/thresholds';
import { baselineFindings } from '../service/baseline-findings';
import type { OpenedProfile } from '../service/opened-profile';
import type { ReportedFinding } from '../shared/reported-finding';

/** Looks for findings that take a while, after a profile has been opened. */
export type LateSearch<Options extends { readonly signal: AbortSignal }> = (profile: OpenedProfile, options: Options) => Promise<readonly ReportedFinding[]>;

/** A search that also compares a recording with the one before it, which is opened for that. */
export function withBaseline<Options extends { readonly signal: AbortSignal }>(
  search: LateSearch<Options>,
  context: { thresholds(): Thresholds; open(file: string, signal: AbortSignal): Promise<OpenedProfile | undefined> },
): LateSearch<Options> {
  return async (profile, options) => {
    const { signal } = options;
    const wider = baselineFindings(profile, context.thresholds(), (file) => context.open(file, signal));
    const [found, compared] = await Promise.all([search(profile, options), wider]);
    return signal.aborted ? found : [...compared, ...found];
  };
}
