import fs from 'node:fs';
import { fittingJson } from '../shared/schemas/read-json';
import { pidSchema } from './recording-schema';
import { infoFile } from './sidecar';

/** What stands beside a recording is some hundred bytes. */
const MOST_BYTES = 1 << 20;

/** The process that all of these snapshots are of, as what stands beside each says; undefined where it is not told or differs. */
export function commonPid(snapshots: readonly string[]): number | undefined {
  const pids = snapshots.map(recordedPid);
  return pids.every((pid) => pid === pids[0]) ? pids[0] : undefined;
}

function recordedPid(snapshot: string): number | undefined {
  try {
    const file = infoFile(snapshot);
    if (fs.statSync(file).size > MOST_BYTES) return undefined;
    return fittingJson(fs.readFileSync(file, 'utf8'), pidSchema)?.pid || undefined;
  } catch {
    return undefined; // none, or damaged
  }
}
