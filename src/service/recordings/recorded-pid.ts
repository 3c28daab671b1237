import path from 'node:path';
import { readRegularTextSync } from '../../files/read-regular-sync';
import { fittingJson } from '../../shared/schemas/read-json';
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
    const read = readRegularTextSync(file, { most: MOST_BYTES, within: [path.dirname(file)] });
    return read.ok ? fittingJson(read.value, pidSchema)?.pid || undefined : undefined;
  } catch {
    return undefined; // none, or damaged
  }
}
