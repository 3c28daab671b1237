import path from 'node:path';
import * as v from 'valibot';
import { readFolder, statRegularFile } from '../../files/open-regular';
import { readRegularText } from '../../files/read-regular';
import type { HuntVerdict } from '../../shared/hunt';
import { amount, fields, list } from '../../shared/schemas/base';
import { fittingJson } from '../../shared/schemas/read-json';
import { linkOut } from './keep-folder';

/** A leak hunt that was kept: a folder with three snapshots and what came of them. */
export interface StoredHunt {
  readonly folder: string;
  readonly title: string;
  /** ISO 8601. */
  readonly recordedAt: string;
  readonly verdict: HuntVerdict;
  readonly leaks: number;
  /** Paths, in their order. */
  readonly snapshots: readonly string[];
  /** Bytes of the snapshots together. */
  readonly size: number;
}

const resultSchema = fields({
  schema: v.literal('plateau/hunt/1'),
  verdict: v.picklist(['leak', 'growth', 'clean', 'unexercised']),
  title: v.string(),
  recordedAt: v.string(),
  leaks: list(v.object({ retainedSize: v.fallback(v.optional(amount), undefined) })),
});

const MAX_RESULT = 16 << 20;
/** A repository may bring any number of folders. */
const MOST = 200;

/** The hunts of a folder of recordings, in the order of the folder; none of what a link brings. */
export async function listHunts(folder: string, roots: readonly string[] = []): Promise<StoredHunt[]> {
  if ((await linkOut(folder, roots)) !== undefined) return [];
  const listed = await readFolder(folder, { own: [folder] });
  const names = (listed.ok ? listed.value : []).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const found: StoredHunt[] = [];
  for (const name of names.slice(-MOST)) {
    const at = path.join(folder, name);
    const read = await readRegularText(path.join(at, 'result.hunt.json'), { most: MAX_RESULT, within: [folder] });
    const result = read.ok ? fittingJson(read.value, resultSchema) : undefined;
    if (!result || Number.isNaN(Date.parse(result.recordedAt))) continue;
    const files = [1, 2, 3].map((round) => path.join(at, `${round}.heapsnapshot`));
    const looked = await Promise.all(files.map((file) => statRegularFile(file, { within: [folder] })));
    const snapshots = files.filter((_, round) => looked[round]?.ok);
    const size = looked.reduce((sum, one) => sum + (one.ok ? Number(one.value.stat.size) : 0), 0);
    found.push({ folder: at, title: result.title, recordedAt: result.recordedAt, verdict: result.verdict, leaks: result.leaks.length, snapshots, size });
  }
  return found;
}
