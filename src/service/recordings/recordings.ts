import fs from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { readFolder, statRegularFile } from '../../files/open-regular';
import { readRegularText } from '../../files/read-regular';
import { fittingJson } from '../../shared/schemas/read-json';
import { type NewFile, writeWhole } from './keep-anywhere';
import { linkOut, makeKeepFolder } from './keep-folder';
import { firstProfileOf, type RecordedFiles, recordedFiles } from './recorded-threads';
import type { HeapRecordingInfo, RecordingInfo } from './recording-info';
import { infoFile, MAX_SIDECAR, readSidecar, type SidecarIssue } from './sidecar';

/** A recording in a folder: the profile and, where Plateau made it, what is known of how. */
export interface StoredRecording {
  readonly file: string;
  readonly info: RecordingInfo | undefined;
  /** What is known of a heap recording, in place of `info`. */
  readonly heap: HeapRecordingInfo | undefined;
  /** Why what stands beside it says nothing, where something does. */
  readonly issue: SidecarIssue | undefined;
  /** Milliseconds since 1970, for what has no date of its own. */
  readonly modified: number;
  /** Bytes of all its profiles. */
  readonly size: number;
  /** Paths of the profiles of its other threads. */
  readonly beside: readonly string[];
  /** Path of what is known of it, where that does not have its name: the first thread's profile is gone. */
  readonly sidecar: string | undefined;
  /** Path of the report of a bottleneck that stands beside it. */
  readonly report: string | undefined;
}

/**
 * Recordings of a folder, newest first; one with several threads is one. A folder that is not there has none, nor has one that
 * a link brings into a workspace (`linkOut`): whoever deletes what is listed there deletes elsewhere. Links to other places are no recordings of it.
 */
export async function listRecordings(folder: string, roots: readonly string[] = []): Promise<StoredRecording[]> {
  if ((await linkOut(folder, roots)) !== undefined) return [];
  const listed = await readFolder(folder, { own: [folder] });
  const found = (listed.ok ? listed.value : []).map(({ name }) => name);
  const names = found.filter((name) => /\.(?:cpuprofile|heapprofile|heapsnapshot)$/i.test(name));
  const reports = new Set(found.filter((name) => name.endsWith('.doctor.json')));
  const others = await otherThreads(folder, names);
  const rows: (StoredRecording | undefined)[] = [];
  const rowOf = async (name: string): Promise<StoredRecording | undefined> => {
    const group = others.get(name);
    if (group === 'of another') return undefined;
    const file = path.join(folder, name);
    const files = [file, ...(group?.rest ?? []).map((one) => path.join(folder, one))];
    const stats = (await Promise.all(files.map((one) => statRegularFile(one, { within: [folder] })))).map((looked) =>
      looked.ok ? looked.value.stat : undefined,
    );
    const [stat] = stats;
    if (!stat) return undefined;
    const sidecar = group && group.first !== name ? infoFile(path.join(folder, group.first)) : undefined;
    const size = stats.reduce((sum, one) => sum + Number(one?.size ?? 0), 0);
    const { info = await infoOfOthers(file), heap, issue } = await readSidecar(file);
    // Fingerprints of sources are most of a sidecar, and nothing in a list.
    return {
      file,
      info: info && { ...info, sources: {} },
      heap,
      issue: info ? undefined : issue,
      modified: Number(stat.mtimeMs),
      size,
      beside: files.slice(1),
      sidecar,
      report: reports.has(`${name.replace(/\.cpuprofile$/i, '')}.doctor.json`) ? `${file.replace(/\.cpuprofile$/i, '')}.doctor.json` : undefined,
    };
  };
  // Some at a time: a repository may bring hundreds whose sidecars are as large as they may be.
  for (let at = 0; at < names.length; at += TOGETHER) rows.push(...(await Promise.all(names.slice(at, at + TOGETHER).map(rowOf))));
  const time = (row: StoredRecording): number => (row.info || row.heap ? Date.parse((row.info ?? row.heap)?.recordedAt ?? '') : row.modified);
  return rows.filter((row): row is StoredRecording => row !== undefined).sort((a, b) => time(b) - time(a));
}

/** Sidecars that are read at once. */
const TOGETHER = 8;

interface Others {
  /** The name that the sidecar goes by. */
  readonly first: string;
  readonly rest: readonly string[];
}

/** By name: which other profiles belong to it, or that it belongs to another. The first thread whose profile is there stands for all. */
async function otherThreads(folder: string, names: readonly string[]): Promise<ReadonlyMap<string, Others | 'of another'>> {
  const isThere = new Set(names);
  const firsts = new Set(names.flatMap((name) => firstProfileOf(name) ?? []));
  const found = new Map<string, Others | 'of another'>();
  for (const first of firsts) {
    const group = recordedFiles(await readOwnInfo(path.join(folder, first)), first);
    const [shown, ...rest] = (group?.names ?? []).filter((name) => isThere.has(name));
    if (shown === undefined) continue;
    found.set(shown, { first, rest });
    for (const name of rest) found.set(name, 'of another');
  }
  return found;
}

/** What stands beside a profile, its own or that of the recording whose thread it is; undefined if there is nothing, or nothing that fits, which `tell` hears of. */
export async function readInfo(profile: string, tell: (issue: SidecarIssue) => void = () => {}): Promise<RecordingInfo | undefined> {
  const own = await readSidecar(profile);
  const info = own.info ?? (await infoOfOthers(profile));
  if (!info && own.issue) tell(own.issue);
  return info;
}

const infoOfOthers = async (profile: string): Promise<RecordingInfo | undefined> => (await infoOfGroup(profile))?.info;

/** The threads of the recording that a profile is of; undefined where it is of one alone. */
export async function readGroupInfo(profile: string): Promise<RecordedFiles | undefined> {
  const own = isCpuProfile.test(profile) ? await readOwnInfo(profile) : undefined;
  return own ? recordedFiles(own, profile) : (await infoOfGroup(profile))?.files;
}

const isCpuProfile = /\.cpuprofile$/i;

/** What is known of `NAME.t3.cpuprofile` by `NAME.plateau.json`, where that lists it. */
async function infoOfGroup(profile: string): Promise<{ readonly info: RecordingInfo; readonly files: RecordedFiles; readonly first: string } | undefined> {
  const first = firstProfileOf(profile);
  const info = first === undefined ? undefined : await readOwnInfo(first);
  const files = first === undefined ? undefined : recordedFiles(info, first);
  if (first === undefined || !info || !files?.names.includes(path.basename(profile))) return undefined;
  return { info, files, first };
}

const readOwnInfo = async (profile: string): Promise<RecordingInfo | undefined> => (await readSidecar(profile)).info;

/** Writes a recording's files, the profile last, under a name that is not taken; all of them or none. Returns the profile's path. */
export async function storeRecording(folder: string, baseName: string, filesOf: (profile: string) => Promise<readonly NewFile[]>): Promise<string> {
  await makeKeepFolder(folder);
  for (let attempt = 1; ; attempt++) {
    const file = path.join(folder, `${baseName}${attempt === 1 ? '' : `-${attempt}`}.cpuprofile`);
    try {
      await (await fs.open(file, 'wx', 0o600)).close(); // the name is taken before anything is written
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST' && attempt < 1000) continue;
      throw error;
    }
    try {
      await writeWhole(await filesOf(file));
    } catch (error) {
      await fs.rm(file, { force: true }).catch(() => {}); // what failed is told
      throw error;
    }
    return file;
  }
}

/** The file of a recording's thread, by its place in the list from 0: `NAME.cpuprofile`, `NAME.t2.cpuprofile` and so on. */
export const threadFile = (profile: string, at: number): string => (at === 0 ? profile : `${profile.replace(/\.cpuprofile$/i, '')}.t${at + 1}.cpuprofile`);

/** What is to stand beside a recording, of how it was made. */
export const infoOf = (profile: string, info: RecordingInfo | HeapRecordingInfo): NewFile => ({
  file: infoFile(profile),
  text: `${JSON.stringify(info, null, 1)}\n`,
});

/** `format-2026-11-21T03-04-05`: tells what it is in a narrow tab, and is a legal name on every system. */
export function recordingName(at: Date, subject: string): string {
  const stamp = at.toISOString().slice(0, 19).replace(/:/g, '-');
  const clean = subject
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60);
  return `${clean || 'profile'}-${stamp}`;
}

/** Gives a recording another title; what else stands there stays, also what this version does not know. */
export async function renameRecording(profile: string, title: string): Promise<boolean> {
  const own = await readSidecar(profile);
  const group = own.info || own.heap ? undefined : await infoOfGroup(profile);
  if (!own.info && !own.heap && !group) return false;
  const file = infoFile(group?.first ?? profile);
  const read = await readRegularText(file, { most: MAX_SIDECAR, within: [path.dirname(file)] });
  const whole = read.ok
    ? fittingJson(
        read.value,
        v.custom<object>((value) => typeof value === 'object' && value !== null),
      )
    : undefined;
  if (!whole) return false;
  await writeWhole([{ file, text: `${JSON.stringify({ ...whole, title }, null, 1)}\n` }]);
  return true;
}
