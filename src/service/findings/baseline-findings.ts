import path from 'node:path';
import { selfShares } from '../../core/compare/wider';
import { evidenceOf } from '../../core/findings/evidence';
import { wider } from '../../core/findings/rules/wider';
import type { Thresholds } from '../../core/findings/thresholds';
import type { FocusFunction, Recipe } from '../../shared/recipe';
import type { ReportedFinding } from '../../shared/reported-finding';
import type { OpenedProfile } from '../profile/opened-profile';
import { profiledTexts } from '../profile/profiled-text';
import { linesFrom, reportFindings } from '../profile/report-findings';
import { minuteOf } from '../recordings/describe-recording';
import type { RecordingInfo } from '../recordings/recording-info';
import { listRecordings, type StoredRecording } from '../recordings/recordings';

/** Gives the recordings of a folder. */
type ListRecordings = (folder: string) => Promise<readonly StoredRecording[]>;

/**
 * What is wider than in the newest earlier recording of the same recipe. The earlier
 * profile is read by `open` (the server's store: from its slab where there is one), and
 * only if there is one to compare with. None where nothing fits or it cannot be read.
 */
export async function baselineFindings(
  profile: OpenedProfile,
  thresholds: Thresholds,
  open: (file: string) => Promise<OpenedProfile | undefined>,
  list: ListRecordings = listRecordings,
): Promise<ReportedFinding[]> {
  const file = profile.info && (await findBaseline(profile.file, profile.info, list));
  const before = file === undefined ? undefined : await open(file);
  if (!before?.info || before.tables.unit !== profile.tables.unit || threadOf(before) !== threadOf(profile)) return [];
  const { tables, costs, totals, sources, info } = profile;
  const texts = profiledTexts(info);
  const evidence = evidenceOf(tables, costs, totals, thresholds, linesFrom(sources, texts));
  const found = wider(evidence, selfShares(before.tables, before.totals), minuteOf(new Date(before.info.recordedAt)));
  return reportFindings({ tables, totals, sources, texts }, found);
}

/** What of a recording a profile is: threads are compared with those of the same name, main threads with each other. */
function threadOf({ threads }: OpenedProfile): string {
  const [only] = threads?.shown ?? [];
  const one = only === undefined || threads?.shown.length !== 1 ? undefined : threads.all[only];
  return threads === undefined || one?.thread === 0 ? 'main' : one === undefined ? 'several' : `thread ${one.name}`;
}

/** The newest recording in a profile's folder that was made before it in the same way; undefined where there is none. */
export async function findBaseline(file: string, info: RecordingInfo, list: ListRecordings = listRecordings): Promise<string | undefined> {
  // A process that was attached to is not the same one again.
  if (info.recipe.kind === 'process') return undefined;
  const own = path.resolve(file);
  const at = Date.parse(info.recordedAt);
  const recipe = doneOf(info.recipe);
  const rows = await list(path.dirname(own));
  const isBefore = (other: RecordingInfo): boolean =>
    Date.parse(other.recordedAt) < at && doneOf(other.recipe) === recipe && other.interval === info.interval && isSameFocus(other.focus, info.focus);
  return rows.find((row) => row.info !== undefined && path.resolve(row.file) !== own && isBefore(row.info))?.file;
}

/** The same function by name and file: edits move its line. */
const isSameFocus = (a: FocusFunction | undefined, b: FocusFunction | undefined): boolean => a?.file === b?.file && a?.name === b?.name;

/** A recipe as text, by what is done: how somebody typed it is no part of that. */
const doneOf = (recipe: Recipe): string => JSON.stringify(recipe, (key, value: unknown) => (key === 'typed' ? undefined : value));
