/**
 * Worker thread: answers what is asked about files that others may have written, and writes exports of them:
 * what stands beside recordings, lists of them, reports. The server's own thread has editors to answer meanwhile.
 */
import { parentPort } from 'node:worker_threads';
import { storedView } from '../../source/stored-view';
import { readDoctorReport } from '../doctor/read-doctor';
import { type ExportContext, exportFormat } from '../export/export-formats';
import { type ExportTarget, exportProfile } from '../export/export-profile';
import { writeForSpeedscope } from '../export/speedscope-file';
import { tablesFrom } from '../profile/plain-tables';
import { threadGroup } from '../profile/thread-group';
import { listHunts } from '../recordings/hunts';
import { withoutSources } from '../recordings/packed-sources';
import { listRecordings, readInfo, renameRecording } from '../recordings/recordings';
import type { ThreadAnswer, ThreadJob } from '../support/thread-jobs';
import type { SentProfile } from './request-thread';

let stop = new AbortController();

function profileOf({ profile, tables: plain, view, roots }: SentProfile) {
  const tables = tablesFrom(plain);
  return { ...profile, tables, sources: storedView(view, roots, (func) => tables.strings.at(tables.functions.url[func] as number)) };
}

export const requestJobs = {
  group: threadGroup,
  recordings: listRecordings,
  hunts: listHunts,
  rename: renameRecording,
  doctor: readDoctorReport,
  async info(file: string) {
    const info = await readInfo(file);
    return info && withoutSources(info);
  },
  export(sent: SentProfile, name: string, target: Omit<ExportTarget, 'signal'>, context: ExportContext) {
    const format = exportFormat(name);
    if (!format) throw new Error(`there is no format ${name}`);
    return exportProfile(profileOf(sent), format, { ...target, signal: stop.signal }, context);
  },
  speedscope: (sent: SentProfile, folder: string) => writeForSpeedscope(profileOf(sent), folder),
} as const;

/** By the name that a message has: of the functions' types only this much is known here. */
const jobs = new Map<string, (...given: never[]) => unknown>(Object.entries(requestJobs));

parentPort?.on('message', (message: ThreadJob | 'stop') => {
  if (message === 'stop') return stop.abort();
  stop = new AbortController();
  void answerOf(message).then((answer) => parentPort?.postMessage(answer));
});

async function answerOf({ name, given }: ThreadJob): Promise<ThreadAnswer> {
  try {
    return { value: await jobs.get(name)?.(...(given as never[])) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
