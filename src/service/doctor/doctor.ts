import path from 'node:path';
import type { CaptureIssue } from '../../capture/records/capture-issue';
import type { CapturedThread } from '../../capture/records/captured';
import type { TargetFiles } from '../../capture/session/session';
import { diagnose, inOrder } from '../../core/doctor/diagnose';
import type { Diagnosis } from '../../core/doctor/diagnosis';
import type { HeapAtEnd, Measurements } from '../../core/doctor/measurements';
import { ownCosts, profileSummary } from '../../core/doctor/profile-summary';
import { servedWindow } from '../../core/doctor/served-window';
import type { Block, Vitals } from '../../core/doctor/vitals';
import { defaultThresholds } from '../../core/findings/thresholds';
import { readHeapProfile } from '../../core/formats/read/nested-tree';
import { functionCosts, profileTotals } from '../../core/profile/costs/function-costs';
import { functionAt, type ProfileTables } from '../../core/profile/tables';
import { sliceTime } from '../../core/profile/views/time-slice';
import { ok, type Result } from '../../shared/result';
import { maskWords, withoutSecrets } from '../../shared/secrets';
import { asWritten } from '../../source/as-written';
import { fileLocator, urlToPath } from '../../source/maps/locate';
import { openProfile } from '../profile/opened-profile';
import { streamCpuProfile } from '../profile/stream-cpuprofile';
import { threadSummaries } from '../profile/thread-group';
import { type Recorded, type RecordRequest, record, storeRecordedIn } from '../recording/record';
import { remapInMemoryScripts } from '../recording/remap-profile';
import type { StagedThread } from '../recording/stage-thread';
import { type Kept, keepAnywhere } from '../recordings/keep-anywhere';
import { notesOf } from './doctor-notes';
import { type DoctorPattern, patternAt } from './doctor-pattern';
import { areInOrder, type DoctorPlace, placeOfBlame, timerPlaces } from './doctor-places';

/** What stands beside a profile as `<name>.doctor.json`. */
export interface DoctorReport {
  readonly schema: 'plateau/doctor/1';
  readonly title: string;
  /** ISO 8601. */
  readonly recordedAt: string;
  /** The profile's file name, in the same folder. */
  readonly profile: string;
  readonly diagnosis: Diagnosis;
  readonly place?: DoctorPlace | undefined;
  /** What is known of the code at that place; missing in older reports. */
  readonly pattern?: DoctorPattern | undefined;
  /** What was measured and what was not, in sentences. */
  readonly notes: readonly string[];
  readonly processes: readonly DoctorProcess[];
  /** Of the main thread of the process that is judged. */
  readonly vitals?: Vitals | undefined;
}

/** A process of the recording; the first is the one that is judged. */
export interface DoctorProcess {
  readonly pid: number;
  readonly command: string;
  /** Microseconds; undefined where it was not measured. */
  readonly cpu?: number | undefined;
}

export interface Examined {
  readonly recorded: Recorded;
  readonly report: Omit<DoctorReport, 'profile'>;
}

const doctorFile = (profile: string): string => `${profile.replace(/\.cpuprofile$/i, '')}.doctor.json`;

/** Records a program once, with everything that is measured, and walks the decision tree. */
export async function findBottleneck(request: RecordRequest): Promise<Result<Examined, CaptureIssue>> {
  const result = await record({ ...request, capture: { ...request.capture, measure: true } });
  if (!result.ok) return result;
  try {
    return ok({ recorded: result.value, report: await examine(result.value, request.files) });
  } catch (error) {
    await result.value.dispose();
    throw error;
  }
}

/** Keeps the profile as any recording, and the report beside it, and disposes of what it is made of; gives both paths. */
export function keepExamined(folder: string, { recorded, report }: Examined): Promise<Result<Kept<KeptExamined>, CaptureIssue>> {
  const textOf = (profile: string): string => `${JSON.stringify({ ...report, profile: path.basename(profile) }, null, 1)}\n`;
  const keepIn = async (at: string): Promise<KeptExamined> => {
    const profile = await storeRecordedIn(at, recorded, (file) => [{ file: doctorFile(file), text: textOf(file) }]);
    return { profile, report: doctorFile(profile) };
  };
  return keepAnywhere({ what: `the recording in ${folder}`, keep: () => keepIn(folder), keepIn }).finally(recorded.dispose);
}

export interface KeptExamined {
  readonly profile: string;
  readonly report: string;
}

async function examine({ threads, info, capture }: Recorded, files: TargetFiles): Promise<Omit<DoctorReport, 'profile'>> {
  const first = threads[0] as StagedThread;
  const read = streamCpuProfile(first.file);
  if (!read.ok) throw new Error(`V8 gave a profile that cannot be read: ${read.error.kind}`);
  const main = capture.threads.find(({ pid, threadId }) => pid === info.pid && threadId === 0);
  const isWorker = first.thread.threadId > 0;
  const measured = main?.measured;
  const ofMain = measured?.vitals.ok ? withoutSecretTargets(measured.vitals.value) : undefined;
  const vitals = isWorker ? undefined : ofMain;
  const tables = asWritten(read.value.tables);
  const opened = openProfile('', { ...read.value, tables }, { thresholds: defaultThresholds, locator: fileLocator([]), info });
  const heap = main && !isWorker ? await liveHeap(main, files) : undefined;
  const focus = info.focus && { focus: path.basename(info.focus.file) };
  const shown = threads.length > 1 ? { all: threadSummaries(threads.map(({ thread }) => thread)), shown: [0], ...focus } : undefined;
  const judged = judgedPart(tables, vitals, isWorker);
  const found = diagnose({ ...judged, isWorker, heap, exit: capture.exit, threads: shown });
  const place = placeOfBlame(found.verdict.blame, opened, vitals);
  const ordered = areInOrder(found.verdict.blame, vitals) ? inOrder(found) : found;
  const { verdict } = ordered;
  const diagnosis = { ...ordered, verdict: { ...verdict, summary: `${verdict.summary}${timerPlaces(verdict.blame, vitals)}` } };
  const pattern = await patternAt(diagnosis.verdict.blame, place, opened, path.dirname(files.folder));
  const notes = notesOf({ main, vitals: ofMain, isWorker, threads: shown, served: judged.served }, capture);
  return {
    schema: 'plateau/doctor/1',
    title: info.title,
    recordedAt: info.recordedAt,
    diagnosis,
    place,
    pattern,
    notes,
    processes: processesOf(
      capture.threads.filter(({ threadId }) => threadId === 0),
      info.pid,
    ),
    vitals: ofMain,
  };
}

/** What is judged of a recording: all of it, or from the first to the last activity of what works when it is asked. */
export function judgedPart(tables: ProfileTables, vitals: Vitals | undefined, isWorker: boolean): Pick<Measurements, 'profile' | 'vitals' | 'served'> {
  const window = servedWindow(tables, vitals, isWorker);
  const isWithin = ({ start, end }: Block): boolean => window === undefined || (start < window.to && end > window.from);
  const blocks = vitals?.blocks.longest.filter(isWithin) ?? [];
  const part = window ? sliceTime(tables, window.from, window.to) : tables;
  return {
    profile: profileSummary(
      part,
      blocks.filter(({ waiting }) => waiting > 0),
    ),
    vitals: vitals && { ...vitals, blocks: { ...vitals.blocks, longest: blocks } },
    ...(window ? { served: { window, whole: profileTotals(tables, functionCosts(tables)) } } : {}),
  };
}

/** Addresses that were asked may hold a password or a token. */
const withoutSecretTargets = (vitals: Vitals): Vitals => ({ ...vitals, sites: vitals.sites.map((site) => ({ ...site, target: withoutSecrets(site.target) })) });

/** Own functions by what is alive of their allocations, at the positions that the saved profile has. */
async function liveHeap(process: CapturedThread, files: TargetFiles): Promise<HeapAtEnd | undefined> {
  const heap = process.measured?.heap;
  if (!heap) return undefined;
  const read = readHeapProfile(heap.allocations, []);
  const tables = read.ok ? read.value.profiles[read.value.main]?.built.tables : undefined;
  const positions = await originalPositions(process);
  const holders = (tables ? ownCosts(tables, tables.nodes.self) : [])
    .map(({ func, cost }) => ({ ...functionAt(tables as NonNullable<typeof tables>, func), live: cost }))
    .filter(({ url }) => !urlToPath(url)?.startsWith(files.folder + path.sep))
    .map(({ name, url, line, column, live }) => ({ name, url, live, ...(positions.get(`${url}:${line}:${column}`) ?? { line, column }) }));
  return { live: heap.used, holders };
}

/** The transpiler's positions to the source's, of the functions that are in the CPU profile. */
async function originalPositions({ parts, scripts: noted }: CapturedThread): Promise<Map<string, { line: number; column: number }>> {
  const scripts = await noted();
  const positions = new Map<string, { line: number; column: number }>();
  for (const part of parts) {
    const profile = await part.read();
    if (!profile) continue;
    const { nodes } = remapInMemoryScripts({ profile, scripts });
    for (const [at, { callFrame }] of profile.nodes.entries()) {
      const { lineNumber, columnNumber, url } = callFrame;
      const mapped = nodes[at]?.callFrame ?? callFrame;
      positions.set(`${url}:${lineNumber}:${columnNumber}`, { line: mapped.lineNumber, column: mapped.columnNumber });
    }
  }
  return positions;
}

function processesOf(processes: readonly CapturedThread[], judged: number): DoctorProcess[] {
  const rows = processes.map(({ pid, argv, measured }) => ({
    pid,
    command: ['node', ...maskWords(argv.slice(1)).masked.map((word, at) => (at === 0 ? path.basename(word) : word))].join(' ').slice(0, 200),
    cpu: measured?.vitals.ok ? measured.vitals.value.cpu.user + measured.vitals.value.cpu.system : undefined,
  }));
  return rows.sort((a, b) => Number(b.pid === judged) - Number(a.pid === judged) || (b.cpu ?? 0) - (a.cpu ?? 0));
}
