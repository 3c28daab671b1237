import { mergeProfiles } from '../../core/formats/merge-profiles';
import { activeCost, type Import, type ImportedProfile, threadFormats } from '../../core/formats/read/imported';
import { readAnyProfile } from '../../core/formats/read/read-any';
import type { BuiltProfile } from '../../core/profile/build/build-tables';
import { Category } from '../../core/profile/categories';
import { waitingTime } from '../../core/profile/costs/waiting';
import { activityStrip, commonRange, type ThreadSummary } from '../../core/profile/views/threads';
import type { Unit } from '../../shared/brands';
import type { ProfileFormat, ProfileIssue, ProfileWarning } from '../../shared/issue';
import { err, ok, type Result } from '../../shared/result';
import { decompress } from '../support/decompress';
import { heapLeft } from '../support/heap-memory';

/** Which profile of a file: by place from 0, by name, some of them as one, or all. */
export type ProfileSelection = number | 'merge' | { readonly name: string } | { readonly together: readonly number[] };

/** One of the profiles of a file, for a user to choose from. */
export interface ProfileChoice {
  readonly name: string;
  readonly unit: Unit;
  readonly samples: number;
  /** Where it is a thread, one of several. */
  readonly thread?: ThreadSummary | undefined;
  /** Path of its own file, where it has one. */
  readonly file?: string | undefined;
  /** The file is not there. */
  readonly isMissing?: boolean;
  /** How busy it was over the time of all, as `activityStrip` gives it; undefined where that is not known yet. */
  readonly strip?: string | undefined;
}

export interface ReadProfile extends BuiltProfile {
  readonly format: ProfileFormat;
  /** Everything in the file; at least one. */
  readonly profiles: readonly ProfileChoice[];
  readonly selected: number | 'merge';
  /** Of several as one, which; undefined for all. */
  readonly together?: readonly number[] | undefined;
}

/** Reads a file of any format, packed or not. */
export async function importProfile(bytes: Uint8Array, select?: ProfileSelection, signal?: AbortSignal): Promise<Result<ReadProfile, ProfileIssue>> {
  if (bytes.length === 0) return err({ kind: 'empty-file' });
  const unpacked = await decompress(bytes, signal);
  if (!unpacked.ok) return unpacked;
  const read = readAnyProfile(unpacked.value.bytes, heapLeft());
  return read.ok ? selectProfile(read.value, select, unpacked.value.warnings) : read;
}

export function selectProfile(file: Import, select?: ProfileSelection, warnings: readonly ProfileWarning[] = []): Result<ReadProfile, ProfileIssue> {
  const names = file.profiles.map(({ name }) => name);
  const rows = rowsOf(select, names, file.main);
  const chosen = rows.flatMap((row) => file.profiles[row] ?? []);
  const [first] = chosen;
  if (!first || chosen.length < rows.length) return err({ kind: 'no-such-profile', wanted: wantedText(select), names });
  const built = chosen.length > 1 ? mergeChosen(chosen, file.profiles[file.main] as ImportedProfile) : first.built;
  // What was packed and cut ends early inside as well: that is one fact.
  const isCutOutside = warnings.some(({ kind }) => kind === 'truncated');
  const own = isCutOutside ? built.warnings.filter(({ kind }) => kind !== 'truncated') : built.warnings;
  const isSome = chosen.length > 1 && chosen.length < file.profiles.length;
  return ok({
    tables: built.tables,
    warnings: [...warnings, ...own],
    format: file.format,
    profiles: choicesOf(file),
    selected: chosen.length > 1 ? 'merge' : (rows[0] as number),
    ...(isSome ? { together: rows } : {}),
  });
}

/** The chosen ones that count what the main one counts, where that is among them, else what the first one counts; the others are told. */
function mergeChosen(chosen: readonly ImportedProfile[], main: ImportedProfile): BuiltProfile {
  const lead = chosen.includes(main) ? main : (chosen[0] as ImportedProfile);
  const same = chosen.filter(({ measure, built }) => measure === lead.measure && built.tables.unit === lead.built.tables.unit);
  const merged = mergeProfiles(
    same.map(({ built }) => built),
    same.map(({ name }) => name),
  );
  const left = chosen.length - same.length;
  return left > 0 ? { tables: merged.tables, warnings: [...merged.warnings, { kind: 'left-out', count: left }] } : merged;
}

/** The rows that are asked for; one that is not there stands for what is unknown. */
export function rowsOf(select: ProfileSelection | undefined, names: readonly string[], main: number): readonly number[] {
  if (select === undefined) return [main];
  if (select === 'merge') return names.length > 1 ? names.map((_, at) => at) : [main];
  if (typeof select === 'number') return [select];
  return 'together' in select ? select.together : [names.indexOf(select.name)];
}

/** What was asked for, as a person writes it. */
export function wantedText(select: ProfileSelection | undefined): string {
  if (typeof select === 'number') return String(select + 1);
  return typeof select === 'object' && 'name' in select ? select.name : '';
}

function choicesOf({ format, profiles }: Import): ProfileChoice[] {
  const isThreads = profiles.length > 1 && threadFormats.has(format) && profiles.every(({ built }) => built.tables.unit === 'microseconds');
  const range = isThreads ? commonRange(profiles.map(({ built }) => built.tables)) : undefined;
  return profiles.map((one) => {
    const { tables } = one.built;
    return {
      name: one.name,
      unit: tables.unit,
      samples: tables.nodes.hits.reduce((sum, hits) => sum + hits, 0),
      ...(range ? { thread: summaryOf(one), strip: activityStrip(tables, range.from, range.to) } : {}),
    };
  });
}

/** Of another tool's file. What V8 cannot name counts as waiting there: browsers are in it while nothing is to do. */
function summaryOf({ name, process, thread, built }: ImportedProfile): ThreadSummary {
  const { tables } = built;
  const { costs, idle } = idleOf(built);
  const active = (tables.nodes.total[0] as number) - idle;
  const waiting = Math.min(active, active - costs + waitingTime(tables));
  const samples = tables.nodes.hits.reduce((sum, hits) => sum + hits, 0);
  return { name: ownName(name, process), process, thread, startTime: tables.startTime, endTime: tables.endTime, active, waiting, samples };
}

/** Without the process, where that stands by itself. */
const ownName = (name: string, process: number | undefined): string => (process === undefined ? name : name.replace(/ \(process \d+\)(?: \(\d+\))?$/, ''));

function idleOf(built: BuiltProfile): { readonly costs: number; readonly idle: number } {
  const { nodes, functions } = built.tables;
  let idle = 0;
  for (let node = 0; node < nodes.length; node++) if (functions.category[nodes.func[node] as number] === Category.Idle) idle += nodes.self[node] as number;
  return { costs: activeCost(built), idle };
}

/** A plain `.cpuprofile` holds one profile. */
export function onlyProfile(read: Result<BuiltProfile, ProfileIssue>, select?: ProfileSelection): Result<ReadProfile, ProfileIssue> {
  return read.ok ? selectProfile({ format: 'cpuprofile', profiles: [{ name: 'CPU', built: read.value }], main: 0 }, select) : read;
}
