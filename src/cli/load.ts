import path from 'node:path';
import type { Thresholds } from '../core/findings/thresholds';
import { describeProfileIssue, describeWarning, profileList } from '../service/describe-issue';
import type { ProfileSelection } from '../service/import-profile';
import { type OpenedProfile, openProfile } from '../service/opened-profile';
import { readProfileFile } from '../service/read-profile';
import { readInfo } from '../service/recordings';
import { formatBytes } from '../shared/format';
import { fileLocator } from '../source/locate';
import { clearProgress, note, progress } from './terminal';

/** Opens a profile for a command; on failure the reason has been told and undefined is given. */
export async function loadProfile(file: string, thresholds: Thresholds, select?: ProfileSelection): Promise<OpenedProfile | undefined> {
  const built = await readProfileFile(file, {
    select,
    onProgress: (read, size) => size > 20e6 && progress(`Reading ${formatBytes(read)} of ${formatBytes(size)}`),
  });
  clearProgress();
  if (!built.ok) {
    note(`plateau: ${file}: ${describeProfileIssue(built.error)}`);
    return undefined;
  }
  const { profiles, selected } = built.value;
  if (profiles.length > 1 && select === undefined) {
    note(
      `plateau: ${file}: this is profile ${Number(selected) + 1} of ${profiles.length}; --profile N, NAME or merge takes another: ${profileList(profiles.map(({ name }) => name))}`,
    );
  }
  const profile = openProfile(file, built.value, { thresholds, locator: fileLocator([process.cwd()]), info: await readInfo(path.resolve(file)) });
  for (const warning of profile.warnings) note(`plateau: ${file}: warning: ${describeWarning(warning)}`);
  return profile;
}

/** `--profile`: a number from 1, `merge`, or a name. */
export function profileSelection(text: string | undefined): ProfileSelection | undefined {
  if (text === undefined || text === 'merge') return text;
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) - 1 : { name: text };
}
