import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Thresholds } from '../core/findings/thresholds';
import { type OpenedProfile, openProfile } from '../service/opened-profile';
import { parseInWorker } from '../service/parse-in-worker';
import { readInfo } from '../service/recordings';
import type { ProfileIssue } from '../shared/issue';
import { ok, type Result } from '../shared/result';
import { type FileLocator, fileLocator } from '../source/locate';

/** The profiles that are open in this server, by path; a file that has changed is read again. */
export interface ProfileStore {
  open(file: string, signal?: AbortSignal, onProgress?: (read: number, size: number) => void): Promise<Result<OpenedProfile, ProfileIssue>>;
  /** Writes a profile's slab into a folder and gives its path; one that is there already is used. */
  slabFile(profile: OpenedProfile, folder: string): Promise<string>;
  /** Reads the thresholds anew at the next opening. */
  forget(): void;
}

interface Entry {
  readonly stamp: string;
  readonly profile: OpenedProfile;
  readonly slab: ArrayBuffer;
}

/** Kept in memory; the least recently used goes first. */
const MAX_OPEN = 6;
/** Slabs in the storage folder; the oldest go first. */
const MAX_SLAB_BYTES = 1 << 30;

export function profileStore(workerFile: string, context: { roots(): readonly string[]; thresholds(): Thresholds }): ProfileStore {
  const entries = new Map<string, Entry>();
  const opening = new Map<string, Promise<Result<OpenedProfile, ProfileIssue>>>();
  let locator: { roots: string; value: FileLocator } | undefined;
  const currentLocator = (): FileLocator => {
    const roots = context.roots().join('\0');
    if (locator?.roots !== roots) locator = { roots, value: fileLocator(context.roots()) };
    return locator.value;
  };

  const read: ProfileStore['open'] = async (file, signal, onProgress) => {
    const stamp = await stampOf(file);
    const known = entries.get(file);
    if (known && known.stamp === stamp) {
      entries.delete(file);
      entries.set(file, known);
      return ok(known.profile);
    }
    const parsed = await parseInWorker(workerFile, file, { signal, onProgress });
    if (!parsed.ok) return parsed;
    const profile = openProfile(file, parsed.value, { thresholds: context.thresholds(), locator: currentLocator(), info: await readInfo(file) });
    entries.set(file, { stamp, profile, slab: parsed.value.slab });
    for (const oldest of entries.keys()) {
      if (entries.size <= MAX_OPEN) break;
      entries.delete(oldest);
    }
    return ok(profile);
  };

  return {
    open(file, signal, onProgress) {
      const already = opening.get(file);
      if (already && !signal) return already;
      const promise = read(file, signal, onProgress).finally(() => opening.delete(file));
      opening.set(file, promise);
      return promise;
    },
    async slabFile(profile, folder) {
      const entry = [...entries.values()].find((one) => one.profile === profile);
      if (!entry) throw new Error('the profile is not open');
      const bytes = new Uint8Array(entry.slab);
      const name = `${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}.slab`;
      const file = path.join(folder, name);
      const exists = (await fs.stat(file).catch(() => undefined))?.size === bytes.length;
      if (exists) await fs.utimes(file, new Date(), new Date()).catch(() => {});
      else {
        await fs.mkdir(folder, { recursive: true });
        const part = `${file}.${process.pid}.part`;
        await fs.writeFile(part, bytes);
        await fs.rename(part, file);
        await dropOldSlabs(folder, name);
      }
      return file;
    },
    forget() {
      entries.clear();
    },
  };
}

async function stampOf(file: string): Promise<string> {
  const stat = await fs.stat(file).catch(() => undefined);
  return stat ? `${stat.size} ${stat.mtimeMs} ${stat.ino}` : '';
}

async function dropOldSlabs(folder: string, keep: string): Promise<void> {
  const names = (await fs.readdir(folder).catch((): string[] => [])).filter((name) => name.includes('.slab') && name !== keep);
  const files = await Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name);
      const stat = await fs.stat(file).catch(() => undefined);
      return { file, size: stat?.size ?? 0, time: stat?.mtimeMs ?? 0 };
    }),
  );
  let sum = 0;
  for (const { file, size, time } of files.sort((a, b) => b.time - a.time)) {
    sum += size;
    const isLeftOver = file.endsWith('.part') && Date.now() - time > 3_600_000;
    if (sum > MAX_SLAB_BYTES || isLeftOver) await fs.rm(file, { force: true });
  }
}
