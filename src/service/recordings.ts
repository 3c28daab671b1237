import fs from 'node:fs/promises';
import path from 'node:path';
import { type NewFile, writeWhole } from './keep-anywhere';
import type { Headline, HeapRecordingInfo, RecordingInfo } from './recording-info';

/** A recording in a folder: the profile and, where Plateau made it, what is known of how. */
export interface StoredRecording {
  readonly file: string;
  readonly info: RecordingInfo | undefined;
  /** What is known of a heap recording, in place of `info`. */
  readonly heap: HeapRecordingInfo | undefined;
  /** Milliseconds since 1970, for what has no date of its own. */
  readonly modified: number;
  readonly size: number;
}

export const infoFile = (profile: string): string => `${profile.replace(/\.(?:cpuprofile|heapprofile|heapsnapshot)$/i, '')}.plateau.json`;

/** Recordings of a folder, newest first. A folder that is not there has none. */
export async function listRecordings(folder: string): Promise<StoredRecording[]> {
  const names = await fs.readdir(folder).catch((): string[] => []);
  const rows = await Promise.all(
    names
      .filter((name) => /\.(?:cpuprofile|heapprofile|heapsnapshot)$/i.test(name))
      .map(async (name): Promise<StoredRecording | undefined> => {
        const file = path.join(folder, name);
        const stat = await fs.stat(file).catch(() => undefined);
        return stat?.isFile() ? { file, info: await readInfo(file), heap: await readHeapInfo(file), modified: stat.mtimeMs, size: stat.size } : undefined;
      }),
  );
  const time = (row: StoredRecording): number => (row.info || row.heap ? Date.parse((row.info ?? row.heap)?.recordedAt ?? '') : row.modified);
  return rows.filter((row): row is StoredRecording => row !== undefined).sort((a, b) => time(b) - time(a));
}

/** What stands beside a profile; undefined if there is nothing, or nothing that fits. */
export async function readInfo(profile: string): Promise<RecordingInfo | undefined> {
  try {
    const info = JSON.parse(await fs.readFile(infoFile(profile), 'utf8')) as Partial<RecordingInfo>;
    const fits =
      info.version === 1 &&
      typeof info.title === 'string' &&
      typeof info.recordedAt === 'string' &&
      typeof info.recipe?.kind === 'string' &&
      isHeadline(info.headline) &&
      typeof info.sources === 'object' &&
      info.sources !== null;
    return fits ? (info as RecordingInfo) : undefined;
  } catch {
    return undefined; // none, or damaged: the profile opens all the same
  }
}

/** What stands beside a heap recording; undefined if there is nothing, or nothing that fits. */
async function readHeapInfo(file: string): Promise<HeapRecordingInfo | undefined> {
  if (/\.cpuprofile$/i.test(file)) return undefined;
  try {
    const info = JSON.parse(await fs.readFile(infoFile(file), 'utf8')) as Partial<HeapRecordingInfo>;
    const fits =
      info.version === 1 &&
      typeof info.heap === 'string' &&
      typeof info.title === 'string' &&
      typeof info.bytes === 'number' &&
      typeof info.recipe?.kind === 'string';
    return fits && !Number.isNaN(Date.parse(info.recordedAt ?? '')) ? (info as HeapRecordingInfo) : undefined;
  } catch {
    return undefined; // none, or damaged
  }
}

const isHeadline = (value: Partial<Headline> | undefined): boolean =>
  typeof value?.duration === 'number' && typeof value.active === 'number' && typeof value.samples === 'number';

/** Writes a recording's files, the profile last, under a name that is not taken; all of them or none. Returns the profile's path. */
export async function storeRecording(folder: string, baseName: string, filesOf: (profile: string) => Promise<readonly NewFile[]>): Promise<string> {
  await fs.mkdir(folder, { recursive: true });
  for (let attempt = 1; ; attempt++) {
    const file = path.join(folder, `${baseName}${attempt === 1 ? '' : `-${attempt}`}.cpuprofile`);
    try {
      await (await fs.open(file, 'wx')).close(); // the name is taken before anything is written
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

/** Gives a recording another title. */
export async function renameRecording(profile: string, title: string): Promise<boolean> {
  const info = await readInfo(profile);
  if (!info) return false;
  await fs.writeFile(infoFile(profile), `${JSON.stringify({ ...info, title }, null, 1)}\n`);
  return true;
}
