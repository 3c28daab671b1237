import type { Failure } from '../../protocol/lsp';
import { describeStatesIssue } from '../../service/findings/describe-states-issue';
import { findingChange } from '../../service/findings/finding-change';
import type { FindingSource } from '../../service/findings/finding-source';
import { describeProfileIssue } from '../../service/profile/describe-profile-issue';
import type { OpenedProfile } from '../../service/profile/opened-profile';
import type { ReportedFinding } from '../../shared/reported-finding';
import type { PlateauConnection } from '../connection';
import type { ProfileStore } from '../profiles';
import type { SourceCache } from '../sources';
import { findingDtos } from './finding-dto';
import { fixNow } from './finding-fix';
import { lineNow } from './finding-places';
import type { FindingStore } from './findings';

/** Answers what the shells ask about findings. */
export function answerFindings(
  plateau: PlateauConnection,
  context: {
    readonly profiles: ProfileStore;
    readonly store: FindingStore;
    readonly sources: SourceCache;
    roots(): readonly string[];
    /** The last leak hunt. */
    hunted(): FindingSource | undefined;
  },
): void {
  const { profiles, store, sources } = context;
  const opened = async (file: string, select?: number | 'merge'): Promise<OpenedProfile | Failure> => {
    const result = await profiles.open(file, { select });
    if (!result.ok) return { failed: `${file}: ${describeProfileIssue(result.error)}` };
    await store.load(result.value);
    return result.value;
  };
  const sourceOf = async (file: string, select?: number | 'merge'): Promise<FindingSource | Failure> => {
    const hunted = context.hunted();
    if (file !== hunted?.file) return opened(file, select);
    await store.load(hunted);
    return hunted;
  };
  const one = (profile: FindingSource, id: string): ReportedFinding | undefined => store.of(profile).find(({ finding }) => finding.id === id)?.finding;

  plateau.onRequest('plateau/findings', async ({ file, select }) => {
    const profile = await sourceOf(file, select);
    return 'failed' in profile ? profile : findingDtos(profile, store.of(profile), context.roots(), sources);
  });

  plateau.onRequest('plateau/setFindingStatus', async ({ file, ids, status, select }) => {
    const profile = await sourceOf(file, select);
    if ('failed' in profile) return profile;
    const done = await store.setStatus(profile, ids, status);
    return done.ok ? undefined : { failed: describeStatesIssue(done.error) };
  });

  plateau.onRequest('plateau/findingPlace', async ({ file, id, select }) => {
    const profile = await sourceOf(file, select);
    const place = 'failed' in profile ? undefined : one(profile, id)?.place;
    if ('failed' in profile || !place) return undefined;
    return { file: place.file, line: lineNow(profile, place.file, place.line, sources) ?? place.line, column: place.column };
  });

  plateau.onRequest('plateau/findingFix', async ({ file, id, select }) => {
    const profile = await sourceOf(file, select);
    if ('failed' in profile) return profile;
    await store.settled(profile);
    const fix = one(profile, id)?.fix;
    if (!fix) return { failed: 'There is no fix for this finding. Its explanation says what to do by hand.' };
    return fixNow(profile, fix, store, sources);
  });

  plateau.onRequest('plateau/findingChange', async ({ id, before, after }) => {
    const was = await opened(before);
    if ('failed' in was) return was;
    const is = await opened(after);
    if ('failed' in is) return is;
    await Promise.all([store.settled(was), store.settled(is)]);
    const found = (profile: OpenedProfile) => ({ profile, findings: store.of(profile).map(({ finding }) => finding) });
    return findingChange(id, found(was), found(is)) ?? { failed: 'The finding is not in the earlier recording any more, so the two cannot be compared.' };
  });
}
