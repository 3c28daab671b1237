import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import * as v from 'valibot';
import { commonRange } from '../core/profile/views/threads';
import { readRegularText } from '../files/read-regular';
import type { StripsDto } from '../protocol/threads';
import { replaceFile, stampOf } from '../service/profile/slab-cache';
import { type ThreadGroup, threadGroup } from '../service/profile/thread-group';
import type { StripJob, StripMessage } from '../service/recording/strip-worker';
import { workerLimits } from '../service/support/worker-limits';
import { byName, fields } from '../shared/schemas/base';
import { fittingJson } from '../shared/schemas/read-json';

/**
 * How busy the threads of a recording are. Their profiles are read for it once, in a thread of
 * its own, one after the other; what came of it is kept in the storage folder:
 *
 *   KEY.strips.json   by file its strip, and what the file was; KEY is the hash of the first path
 */
export interface StripReader {
  /** Tells the strips, those that are known at once and the others as they come; resolves when all have been told. */
  read(file: string, options: StripOptions, tell: (strips: StripsDto['strips']) => void): Promise<void>;
}

export interface StripOptions {
  readonly storage: string;
  /** Of what is open: it is not read again for this. */
  readonly known: StripsDto['strips'];
  readonly signal: AbortSignal;
}

const knownSchema = fields({ version: v.literal(1), files: byName(fields({ stamp: v.string(), strip: v.string() })) });
type Known = v.InferOutput<typeof knownSchema>;

/** Strips of 10,000 threads have some MB. */
const MAX_KEPT = 64 << 20;
/** Strips that are told at once. */
const TOGETHER = 20;

/** `workerFile` is the bundle of `strip-worker.ts`; `threadsOf` tells the threads of a profile's recording. */
export function stripReader(workerFile: string, threadsOf = threadGroup): StripReader {
  return {
    async read(file, { storage, known: given, signal }, tell) {
      const group = await threadsOf(file);
      if (!group) return;
      const range = commonRange(group.threads);
      const kept = path.join(
        storage,
        `${createHash('sha256')
          .update(path.resolve(group.files[0] as string))
          .digest('hex')
          .slice(0, 32)}.strips.json`,
      );
      const known = await readKnown(kept);
      // Another range gives other strips.
      const stamps = await Promise.all(group.files.map(async (one) => `${await stampOf(one)} ${range.from} ${range.to}`));
      const found = new Map<number, string>();
      for (const [row, one] of group.files.entries()) {
        const before = known.files[path.basename(one)];
        if (before && before.stamp === stamps[row] && !before.stamp.startsWith(' ')) found.set(row, before.strip);
      }
      if (found.size > 0) tell([...found]);
      for (const [row, strip] of given) if (row < group.files.length) found.set(row, strip);
      const rows = group.files.map((_, row) => row).filter((row) => !found.has(row));
      if (rows.length === 0) return;
      await readRows(workerFile, group, rows, range, signal, (strips) => {
        for (const [row, strip] of strips) found.set(row, strip);
        tell(strips);
      });
      if (signal.aborted) return;
      const files = Object.fromEntries([...found].map(([row, strip]) => [path.basename(group.files[row] as string), { stamp: stamps[row] as string, strip }]));
      await fs.mkdir(storage, { recursive: true, mode: 0o700 }).catch(() => {}); // a failure costs the next opening its time
      await replaceFile(kept, JSON.stringify({ version: 1, files } satisfies Known)).catch(() => {});
    },
  };
}

/** None, or damaged: they are made anew. */
async function readKnown(kept: string): Promise<Known> {
  const read = await readRegularText(kept, { most: MAX_KEPT, within: [path.dirname(kept)] });
  return (read.ok ? fittingJson(read.value, knownSchema) : undefined) ?? { version: 1, files: {} };
}

function readRows(
  workerFile: string,
  { files }: ThreadGroup,
  rows: readonly number[],
  { from, to }: { readonly from: number; readonly to: number },
  signal: AbortSignal,
  tell: (strips: StripsDto['strips']) => void,
): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const job: StripJob = { files: rows.map((row) => files[row] as string), from, to };
    const worker = new Worker(workerFile, { workerData: job, resourceLimits: workerLimits() });
    let waiting: (readonly [number, string])[] = [];
    const flush = (): void => {
      if (waiting.length > 0 && !signal.aborted) tell(waiting);
      waiting = [];
    };
    const timer = setInterval(flush, 100);
    const finish = (): void => {
      clearInterval(timer);
      signal.removeEventListener('abort', finish);
      flush();
      void worker.terminate();
      resolve();
    };
    signal.addEventListener('abort', finish, { once: true });
    worker.on('message', ({ at, strip }: StripMessage) => {
      waiting.push([rows[at] as number, strip]);
      if (waiting.length >= TOGETHER) flush();
    });
    // Pictures of activity are missing then; the profiles themselves tell what is wrong with them.
    worker.on('error', finish);
    worker.on('exit', finish);
  });
}
