import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Thresholds } from '../core/findings/thresholds';
import { type OpenedProfile, openProfile } from '../service/opened-profile';
import { parseInWorker } from '../service/parse-in-worker';
import { readInfo } from '../service/recordings';
import type { ProfileIssue } from '../shared/issue';
import { err, ok, type Result } from '../shared/result';
import { type FileLocator, fileLocator } from '../source/locate';

/** The profiles that are open in this server, by path; a file that has changed is read again. */
export interface ProfileStore {
  open(file: string, signal?: AbortSignal, onProgress?: (read: number, size: number) => void): Promise<Result<OpenedProfile, ProfileIssue>>;
  /** Writes a profile's slab into a folder and gives its path and size; one that is there already is used. */
  slabFile(profile: OpenedProfile, folder: string): Promise<{ readonly file: string; readonly bytes: number }>;
  /** Reads the thresholds anew at the next opening. */
  forget(): void;
}

interface Entry {
  readonly stamp: string;
  readonly profile: OpenedProfile;
}

/** A file that is being read, for all who wait for it: it is given up when the last of them is gone. */
interface Reading {
  readonly result: Promise<Result<OpenedProfile, ProfileIssue>>;
  readonly abort: AbortController;
  readonly listeners: Set<(read: number, size: number) => void>;
  waiting: number;
}

/** Kept in memory; the least recently used goes first. */
const MAX_OPEN = 6;
/** Slabs in the storage folder; the oldest go first. */
const MAX_SLAB_BYTES = 1 << 30;

export function profileStore(workerFile: string, context: { roots(): readonly string[]; thresholds(): Thresholds }): ProfileStore {
  const entries = new Map<string, Entry>();
  const slabs = new WeakMap<OpenedProfile, ArrayBuffer>();
  const readings = new Map<string, Reading>();
  let locator: { roots: string; value: FileLocator } | undefined;
  const currentLocator = (): FileLocator => {
    const roots = context.roots().join('\0');
    if (locator?.roots !== roots) locator = { roots, value: fileLocator(context.roots()) };
    return locator.value;
  };

  const read = async (file: string, signal: AbortSignal, onProgress: (read: number, size: number) => void): ReturnType<ProfileStore['open']> => {
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
    slabs.set(profile, parsed.value.slab);
    entries.delete(file);
    entries.set(file, { stamp, profile });
    for (const oldest of entries.keys()) {
      if (entries.size <= MAX_OPEN) break;
      entries.delete(oldest);
    }
    return ok(profile);
  };

  return {
    async open(file, signal, onProgress) {
      if (signal?.aborted) return err({ kind: 'cancelled' });
      let reading = readings.get(file);
      if (!reading) {
        const abort = new AbortController();
        const listeners: Reading['listeners'] = new Set();
        const tell = (at: number, size: number): void => {
          for (const listener of listeners) listener(at, size);
        };
        const result = read(file, abort.signal, tell).finally(() => {
          if (readings.get(file) === reading) readings.delete(file);
        });
        reading = { result, abort, listeners, waiting: 0 };
        readings.set(file, reading);
      }
      const { result, abort, listeners } = reading;
      reading.waiting++;
      if (onProgress) listeners.add(onProgress);
      const leave = (): void => {
        if (onProgress) listeners.delete(onProgress);
        if (--reading.waiting > 0) return;
        // Whoever asks from now on starts anew.
        if (readings.get(file) === reading) readings.delete(file);
        abort.abort();
      };
      if (!signal) return result.finally(leave);
      const left = new Promise<Result<OpenedProfile, ProfileIssue>>((resolve) => {
        signal.addEventListener('abort', () => resolve(err({ kind: 'cancelled' })), { once: true });
      });
      return Promise.race([result, left]).finally(leave);
    },
    async slabFile(profile, folder) {
      const slab = slabs.get(profile);
      if (!slab) throw new Error('the profile is not of this store');
      const bytes = new Uint8Array(slab);
      const name = `${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}.slab`;
      const file = path.join(folder, name);
      const exists = (await fs.stat(file).catch(() => undefined))?.size === bytes.length;
      if (exists) await fs.utimes(file, new Date(), new Date()).catch(() => {});
      else {
        await fs.mkdir(folder, { recursive: true });
        const part = `${file}.${randomUUID()}.part`;
        await fs.writeFile(part, bytes);
        await fs.rename(part, file);
        await dropOldSlabs(folder, name);
      }
      return { file, bytes: bytes.length };
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
