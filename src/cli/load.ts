import path from 'node:path';
import type { Thresholds } from '../core/findings/thresholds';
import { describeProfileIssue, describeWarning } from '../service/describe-issue';
import { type OpenedProfile, openProfile } from '../service/opened-profile';
import { readProfileFile } from '../service/read-profile';
import { readInfo } from '../service/recordings';
import { formatBytes } from '../shared/format';
import { fileLocator } from '../source/locate';
import { clearProgress, note, progress } from './terminal';

/** Opens a profile for a command; on failure the reason has been told and undefined is given. */
export async function loadProfile(file: string, thresholds: Thresholds): Promise<OpenedProfile | undefined> {
  const built = await readProfileFile(file, { onProgress: (read, size) => size > 20e6 && progress(`Reading ${formatBytes(read)} of ${formatBytes(size)}`) });
  clearProgress();
  if (!built.ok) {
    note(`plateau: ${file}: ${describeProfileIssue(built.error)}`);
    return undefined;
  }
  const profile = openProfile(file, built.value, { thresholds, locator: fileLocator([process.cwd()]), info: await readInfo(path.resolve(file)) });
  for (const warning of profile.warnings) note(`plateau: ${file}: warning: ${describeWarning(warning)}`);
  return profile;
}
