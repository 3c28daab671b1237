/**
 * Worker thread: makes of a profile's tables what the shells show of it. It follows source maps, reads texts and
 * looks for findings, all of which a file can be made for to take long; who asked has others to answer.
 */
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { Thresholds } from '../../core/findings/thresholds';
import type { ProfileTables } from '../../core/profile/tables';
import { askMounts } from '../../files/answering';
import { useWaitedThread, waitedThread } from '../../files/waited-thread';
import type { ProfileWarning } from '../../shared/issue';
import { type FileLocator, fileLocator, urlToPath } from '../../source/maps/locate';
import type { StoredView } from '../../source/stored-view';
import { storeView } from '../../source/stored-view';
import { type PackedSources, packSources, withoutSources } from '../recordings/packed-sources';
import { readInfo } from '../recordings/recordings';
import { workerLimits } from '../support/worker-limits';
import { type OpenedProfile, openProfile } from './opened-profile';
import { type PlainTables, plainTables, tableBuffers, tablesFrom, viewBuffers } from './plain-tables';
import type { FileContent } from './profile-worker';
import { readCachedSlab, slabName } from './slab-cache';

/** What is to be opened: tables that were read, or a slab of an earlier opening. */
export type OpenSource =
  | { readonly kind: 'read'; readonly tables: PlainTables; readonly warnings: readonly ProfileWarning[]; readonly slab: ArrayBuffer }
  | { readonly kind: 'kept'; readonly storage: string; readonly source: string; readonly stamp: string; readonly version: string };

export interface OpenJob {
  readonly file: string;
  readonly source: OpenSource;
  readonly thresholds: Thresholds;
  readonly roots: readonly string[];
  readonly content: FileContent | undefined;
}

/** An opened profile without what cannot travel. */
export interface OpenAnswer {
  readonly profile: Omit<OpenedProfile, 'tables' | 'sources'>;
  readonly tables: PlainTables;
  readonly view: StoredView;
  /** Those of the profile's recording, which go with it. */
  readonly packed: PackedSources;
  readonly slab: ArrayBuffer;
  /** What the slab is called in a storage folder. */
  readonly name: string;
  /** Of the file, as it was read. */
  readonly fileWarnings: readonly ProfileWarning[];
}

/** Functions with less of the active time are not looked for in the text of a source. */
const HOT = 0.01;
const MOST_HOT = 2000;

const { helper } = workerData as { readonly helper: string };
const thread = waitedThread(helper, workerLimits());
useWaitedThread(thread);
thread.start();

let locator: { readonly roots: string; readonly value: FileLocator } | undefined;
function locatorOf(roots: readonly string[]): FileLocator {
  const key = roots.join('\0');
  if (locator?.roots !== key) locator = { roots: key, value: fileLocator(roots) };
  return locator.value;
}

parentPort?.on('message', (job: OpenJob) => {
  void opened(job).then((answer) => {
    // The columns of a slab that was kept stand in it.
    const buffers = answer ? new Set([answer.slab, ...tableBuffers(answer.tables), ...viewBuffers(answer.view)]) : [];
    parentPort?.postMessage(answer, [...buffers]);
  });
});

/** Undefined where no slab is kept that can be used. */
async function opened({ file, source, thresholds, roots, content }: OpenJob): Promise<OpenAnswer | undefined> {
  const from =
    source.kind === 'read'
      ? { ...source, tables: tablesFrom(source.tables), name: undefined }
      : await readCachedSlab(source.storage, source.source, source.stamp, source.version);
  if (!from) return undefined;
  const { tables, warnings, slab } = from;
  await askMounts([file, ...roots, ...pathsOf(tables)]);
  const profile = openProfile(file, { tables, warnings }, { thresholds, locator: locatorOf(roots), info: await readInfo(file), content });
  const { sources, tables: labelled, info, ...rest } = profile;
  const view = storeView(sources, profile.costs, hotFunctions(profile));
  return {
    profile: { ...rest, info: info && withoutSources(info) },
    packed: packSources(info?.sources ?? {}),
    tables: plainTables(labelled),
    view,
    slab,
    name: from.name ?? slabName(new Uint8Array(slab)),
    fileWarnings: warnings,
  };
}

/** The functions that a pattern would be looked for in. */
function hotFunctions({ costs, totals }: OpenedProfile): number[] {
  const found: number[] = [];
  for (let func = 0; func < costs.total.length && found.length < MOST_HOT; func++) {
    if ((costs.total[func] as number) > 0 && (costs.total[func] as number) >= totals.active * HOT) found.push(func);
  }
  return found;
}

/** The files of this machine that functions are in, by what the profile says. */
function pathsOf({ strings, functions }: ProfileTables): string[] {
  const urls = [...new Set(functions.url)].map((url) => urlToPath(strings.at(url)));
  return urls.filter((one) => one !== undefined && path.isAbsolute(one)) as string[];
}
