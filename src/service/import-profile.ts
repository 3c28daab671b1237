import type { Import } from '../core/formats/imported';
import { mergeProfiles } from '../core/formats/merge-profiles';
import { readAnyProfile } from '../core/formats/read-any';
import type { BuiltProfile } from '../core/profile/build-tables';
import type { Unit } from '../shared/brands';
import type { ProfileFormat, ProfileIssue, ProfileWarning } from '../shared/issue';
import { err, ok, type Result } from '../shared/result';
import { decompress } from './decompress';

/** Which profile of a file: by place from 0, by name, or all of them as one. */
export type ProfileSelection = number | 'merge' | { readonly name: string };

/** One of the profiles of a file, for a user to choose from. */
export interface ProfileChoice {
  readonly name: string;
  readonly unit: Unit;
  readonly samples: number;
}

export interface ReadProfile extends BuiltProfile {
  readonly format: ProfileFormat;
  /** Everything in the file; at least one. */
  readonly profiles: readonly ProfileChoice[];
  readonly selected: number | 'merge';
}

/** Reads a file of any format, packed or not. */
export async function importProfile(bytes: Uint8Array, select?: ProfileSelection, signal?: AbortSignal): Promise<Result<ReadProfile, ProfileIssue>> {
  if (bytes.length === 0) return err({ kind: 'empty-file' });
  const unpacked = await decompress(bytes, signal);
  if (!unpacked.ok) return unpacked;
  const read = readAnyProfile(unpacked.value.bytes);
  return read.ok ? selectProfile(read.value, select, unpacked.value.warnings) : read;
}

export function selectProfile(file: Import, select?: ProfileSelection, warnings: readonly ProfileWarning[] = []): Result<ReadProfile, ProfileIssue> {
  const names = file.profiles.map(({ name }) => name);
  const isMerge = select === 'merge' && names.length > 1;
  const index = select === undefined || select === 'merge' ? file.main : typeof select === 'number' ? select : names.indexOf(select.name);
  const chosen = file.profiles[index];
  if (!chosen) {
    return err({ kind: 'no-such-profile', wanted: typeof select === 'object' ? select.name : typeof select === 'number' ? String(select + 1) : '', names });
  }
  const built = isMerge
    ? mergeProfiles(
        file.profiles.map((one) => one.built),
        names,
      )
    : chosen.built;
  // What was packed and cut ends early inside as well: that is one fact.
  const isCutOutside = warnings.some(({ kind }) => kind === 'truncated');
  const own = isCutOutside ? built.warnings.filter(({ kind }) => kind !== 'truncated') : built.warnings;
  return ok({
    tables: built.tables,
    warnings: [...warnings, ...own],
    format: file.format,
    profiles: file.profiles.map(({ name, built: { tables } }) => ({
      name,
      unit: tables.unit,
      samples: tables.nodes.hits.reduce((sum, hits) => sum + hits, 0),
    })),
    selected: isMerge ? 'merge' : index,
  });
}

/** A plain `.cpuprofile` holds one profile. */
export function onlyProfile(read: Result<BuiltProfile, ProfileIssue>, select?: ProfileSelection): Result<ReadProfile, ProfileIssue> {
  return read.ok ? selectProfile({ format: 'cpuprofile', profiles: [{ name: 'CPU', built: read.value }], main: 0 }, select) : read;
}
