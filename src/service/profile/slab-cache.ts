import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { decodeSlab } from '../../core/profile/slab';
import { type OpenRegularOptions, openRegularFile, statRegularFile } from '../../files/open-regular';
import { readRegularText } from '../../files/read-regular';
import type { ProfileWarning } from '../../shared/issue';
import { fields, list } from '../../shared/schemas/base';
import { fittingJson } from '../../shared/schemas/read-json';
import { warningSchema } from '../support/warning-schema';
import type { ParsedProfile } from './parse-in-worker';

/**
 * Slabs that are kept in a folder, so that a profile that was opened before is there
 * without parsing, also after a restart.
 *
 *   HASH.slab        the slab, by the hash of its bytes
 *   KEY.slab.json    what a source file was when it gave that slab, and the warnings
 *                    that go with it; KEY is the hash of the source's path
 *
 * A source is the same as long as its size, times and inode are; the time of change
 * (ctime) cannot be set, so no tool can put other content under an old stamp. Slabs
 * are checked like everything else that is opened. The oldest go when the folder
 * grows too large.
 */
export interface CachedSlab extends Omit<ParsedProfile, 'file'> {
  /** Name of the slab in the folder. */
  readonly name: string;
}

const entrySchema = fields({
  version: v.string(),
  source: v.string(),
  stamp: v.string(),
  slab: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}\.slab$/)),
  warnings: list(warningSchema),
});
type Entry = v.InferOutput<typeof entrySchema>;

/** Put in by the build from package.json: another version may read a file in another way. */
declare const PLATEAU_VERSION: string;
/** Who wrote a slab. */
export const slabVersion = `1 ${typeof PLATEAU_VERSION === 'string' ? PLATEAU_VERSION : 'dev'}`;

/** Slabs in one folder; the oldest go first. */
const MAX_SLAB_BYTES = 1 << 30;
/** A slab has 32-bit offsets. */
const MAX_SLAB = 2 ** 32;
/** Warnings are few, and short. */
const MAX_NOTE = 4 << 20;
const STALE_PART_MS = 3_600_000;

/** What a file is right now; the empty string for one that cannot be told. */
export async function stampOf(file: string, options: OpenRegularOptions = { isChosen: true }): Promise<string> {
  const looked = await statRegularFile(file, options);
  if (!looked.ok) return '';
  const { size, mtimeNs, ctimeNs, ino } = looked.value.stat;
  return `${size} ${mtimeNs} ${ctimeNs} ${ino}`;
}

const entryFile = (folder: string, source: string): string =>
  path.join(folder, `${createHash('sha256').update(path.resolve(source)).digest('hex').slice(0, 32)}.slab.json`);

/** The slab of an unchanged file; undefined where there is none that can be used. */
export async function readCachedSlab(folder: string, source: string, stamp: string, version = slabVersion): Promise<CachedSlab | undefined> {
  if (stamp === '') return undefined;
  try {
    const entry = fittingJson(await readNote(folder, entryFile(folder, source)), entrySchema);
    if (entry?.version !== version || entry.source !== path.resolve(source) || entry.stamp !== stamp) return undefined;
    const { slab: name, warnings } = entry;
    const slab = await readWhole(folder, path.join(folder, name));
    const tables = decodeSlab(slab);
    return tables.ok ? { tables: tables.value, warnings, slab, name } : undefined;
  } catch {
    return undefined; // none, or not any more, or damaged: the profile is parsed
  }
}

/** The text of a note; throws where there is none that may be read. */
async function readNote(folder: string, file: string): Promise<string> {
  const read = await readRegularText(file, { most: MAX_NOTE, within: [folder] });
  if (!read.ok) throw new Error(read.error.kind);
  return read.value;
}

/** Into a buffer of its own, which a pooled or shared one would not be: views of columns need their alignment. */
async function readWhole(folder: string, file: string): Promise<ArrayBuffer> {
  const opened = await openRegularFile(file, { within: [folder] });
  if (!opened.ok || opened.value.size > MAX_SLAB) throw new Error('no slab');
  const { handle, size } = opened.value;
  try {
    const buffer = new ArrayBuffer(size);
    let at = 0;
    while (at < buffer.byteLength) {
      const { bytesRead } = await handle.read(new Uint8Array(buffer), at, Math.min(1 << 28, buffer.byteLength - at), at);
      if (bytesRead === 0) break; // shorter than it was: decoding refuses it
      at += bytesRead;
    }
    return buffer;
  } finally {
    await handle.close();
  }
}

/** What a slab is called: by all of its bytes, which takes a second for some hundred MB. */
export const slabName = (bytes: Uint8Array): string => `${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}.slab`;

/** Writes a slab that is not there yet; gives its name, which another thread may have found. */
export async function writeSlab(folder: string, slab: ArrayBuffer, name = slabName(new Uint8Array(slab))): Promise<string> {
  const bytes = new Uint8Array(slab);
  if (await useSlab(folder, name, bytes.length)) return name;
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  await replaceFile(path.join(folder, name), bytes);
  await dropOldSlabs(folder, name);
  return name;
}

/** Whether a slab of this size is there; marks it as used just now. */
export async function useSlab(folder: string, name: string, size: number): Promise<boolean> {
  const file = path.join(folder, name);
  if ((await fs.stat(file).catch(() => undefined))?.size !== size) return false;
  await fs.utimes(file, new Date(), new Date()).catch(() => {}); // only the order of deletion depends on it
  return true;
}

/** Notes that a slab is what `source` gives. A failure costs the next opening its time, nothing else. */
export async function noteSlab(folder: string, source: string, stamp: string, slab: string, warnings: readonly ProfileWarning[]): Promise<void> {
  // A file that changed while it was read is of no known state.
  if (stamp === '' || (await stampOf(source)) !== stamp) return;
  const entry: Entry = { version: slabVersion, source: path.resolve(source), stamp, slab, warnings };
  await replaceFile(entryFile(folder, source), JSON.stringify(entry)).catch(() => {});
}

/** Writes a file under another name first: nobody reads half of it. */
export async function replaceFile(file: string, content: Uint8Array | string): Promise<void> {
  const part = `${file}.${randomUUID()}.part`;
  await fs.writeFile(part, content, { mode: 0o600 });
  await fs.rename(part, file);
}

const UNUSED_MS = 60 * 86_400_000;

/** Strips are small: age is enough. */
async function dropUnused(file: string): Promise<void> {
  const stat = await fs.stat(file).catch(() => undefined);
  if (stat && Date.now() - stat.mtimeMs > UNUSED_MS) await fs.rm(file, { force: true });
}

/** Deletes the slabs that were not used for longest, and notes of slabs that are gone. */
export async function dropOldSlabs(folder: string, keep: string, most = MAX_SLAB_BYTES): Promise<void> {
  const all = await fs.readdir(folder).catch((): string[] => []);
  await Promise.all(all.filter((name) => name.includes('.strips.json')).map((name) => dropUnused(path.join(folder, name))));
  const names = all.filter((name) => name.includes('.slab'));
  const stats = await Promise.all(
    names.map(async (name) => {
      const stat = await fs.stat(path.join(folder, name)).catch(() => undefined);
      return { name, size: stat?.size ?? 0, time: name === keep ? Number.POSITIVE_INFINITY : (stat?.mtimeMs ?? 0) };
    }),
  );
  const drop = (name: string): Promise<void> => fs.rm(path.join(folder, name), { force: true });
  const kept = new Set<string>();
  let sum = 0;
  for (const { name, size, time } of stats.sort((a, b) => b.time - a.time)) {
    if (name.endsWith('.slab.json')) continue;
    sum += size;
    const isLeftOver = name.endsWith('.part') && Date.now() - time > STALE_PART_MS;
    if (name !== keep && (sum > most || isLeftOver)) await drop(name);
    else kept.add(name);
  }
  for (const { name } of stats) {
    if (!name.endsWith('.slab.json')) continue;
    const text = await readNote(folder, path.join(folder, name)).catch(() => '');
    if (!kept.has(fittingJson(text, entrySchema)?.slab ?? '')) await drop(name);
  }
}
