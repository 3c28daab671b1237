/** Worker thread: reads profiles one after the other, and tells how busy their threads are over a common time. */
import { parentPort, workerData } from 'node:worker_threads';
import { activityStrip } from '../../core/profile/views/threads';
import { streamCpuProfile } from '../profile/stream-cpuprofile';

export interface StripJob {
  readonly files: readonly string[];
  /** Microseconds. */
  readonly from: number;
  readonly to: number;
}

/** The strip of the file at a place of the list; empty for one that cannot be read. */
export interface StripMessage {
  readonly at: number;
  readonly strip: string;
}

const { files, from, to } = workerData as StripJob;
for (const [at, file] of files.entries()) {
  const read = streamCpuProfile(file);
  const message: StripMessage = { at, strip: read.ok ? activityStrip(read.value.tables, from, to) : '' };
  parentPort?.postMessage(message);
}
