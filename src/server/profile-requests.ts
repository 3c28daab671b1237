import path from 'node:path';
import { describeExportIssue } from '../service/export/describe-export-issue';
import { exportFormat, exportFormats, exportPath } from '../service/export/export-formats';
import { withOpenFindings } from '../service/findings/all-findings';
import { describeProfileIssue } from '../service/profile/describe-profile-issue';
import { describeLinkOut, isLinkOut, linkOut } from '../service/recordings/keep-folder';
import type { RequestThread } from '../service/requests/request-thread';
import { version } from '../service/support/version';
import { functionIndex } from '../shared/brands';
import type { PlateauConnection } from './connection';
import { findingDtos } from './findings/finding-dto';
import type { FindingStore } from './findings/findings';
import { asItIsNow, functionLinesDto, openedDto, recordingDto } from './opened-dto';
import type { ProfileStore } from './profiles';
import type { SourceCache } from './sources';
import { stripReader } from './thread-strips';

interface ProfileContext {
  readonly profiles: ProfileStore;
  readonly findings: FindingStore;
  readonly sources: SourceCache;
  readonly requests: RequestThread;
  roots(): readonly string[];
  /** The folder of the bundles (`dist`). */
  readonly bundleFolder: string;
  /** Where the client keeps slabs. */
  onStorage(folder: string): void;
  warn(message: string): void;
}

/** Answers what is asked about profiles: to open and to export them, their places and lines, the list of recordings. */
export function answerProfiles(
  plateau: PlateauConnection,
  { profiles, findings, sources, requests, roots, bundleFolder, onStorage, warn }: ProfileContext,
): void {
  const strips = stripReader(path.join(bundleFolder, 'strip-worker.mjs'), requests.group);
  plateau.onRequest('plateau/open', async ({ file, storage, select }, signal) => {
    onStorage(storage);
    const opened = await profiles.open(file, {
      signal,
      storage,
      select,
      onProgress: (read, size) => plateau.notify('plateau/openProgress', { file, read, size }),
    });
    if (!opened.ok) return { failed: describeProfileIssue(opened.error), ...(opened.error.kind === 'cancelled' ? { isCancelled: true } : {}) };
    if (select !== undefined) profiles.choose(file, select);
    try {
      await findings.load(opened.value);
      const listed = findingDtos(opened.value, findings.of(opened.value), roots(), sources);
      return openedDto(opened.value, listed, await profiles.slabFile(opened.value, storage), profiles.content(opened.value));
    } catch (error) {
      return { failed: `The prepared profile could not be written to ${storage}: ${(error as Error).message}. Free some disk space and try again.` };
    }
  });

  plateau.onRequest('plateau/readStrips', async ({ file, storage, known }, signal) => {
    await strips.read(file, { storage, known, signal }, (found) => plateau.notify('plateau/strips', { file, strips: found }));
    return {};
  });

  plateau.onRequest('plateau/exportFormats', ({ file }) =>
    exportFormats.map((format) => {
      const { name, label, description, extension, opensIn } = format;
      return { name, label, description, extension, opensIn, out: exportPath(file, format) };
    }),
  );

  plateau.onRequest('plateau/export', async ({ file, format: name, out }, signal) => {
    const format = exportFormat(name);
    if (!format) return { failed: `There is no format "${name}". Update Plateau, or choose another.` };
    if (await isLinkOut(out)) return { failed: `${out} is a link to another place, and is not written through. Remove it, or choose another name.` };
    const opened = await profiles.open(file, { signal, onProgress: (read, size) => plateau.notify('plateau/openProgress', { file, read, size }) });
    if (!opened.ok) return { failed: `${file}: ${describeProfileIssue(opened.error)}`, ...(opened.error.kind === 'cancelled' ? { isCancelled: true } : {}) };
    if (format.hasFindings) {
      await findings.load(opened.value);
      await findings.settled(opened.value);
    }
    const context = { bundleFolder, version, roots: roots() };
    const sent = profiles.sent(opened.value);
    const { findings: open } = withOpenFindings(opened.value, findings.of(opened.value));
    const done = await requests.exportProfile({ ...sent, profile: { ...sent.profile, findings: open } }, name, { out, overwrite: true, signal }, context);
    if (done.ok) return { bytes: done.value };
    return { failed: describeExportIssue(done.error), ...(done.error.kind === 'cancelled' ? { isCancelled: true } : {}) };
  });

  plateau.onRequest('plateau/place', async ({ file, func, select }) => {
    const opened = await profiles.open(file, { select });
    const place = opened.ok ? asItIsNow(opened.value.sources.place(functionIndex(func)), sources) : undefined;
    if (!opened.ok || !place?.exists) return place;
    const aligned = sources.aligned(opened.value, place.file);
    const line = aligned ? (aligned[place.line - 1] ?? -1) : place.line - 1;
    return line < 0 ? place : { ...place, line: line + 1 };
  });

  plateau.onRequest('plateau/speedscope', async ({ file, storage, select }) => {
    const opened = await profiles.open(file, { select });
    if (!opened.ok) return { failed: describeProfileIssue(opened.error) };
    try {
      return { path: await requests.speedscope(profiles.sent(opened.value), storage) };
    } catch (error) {
      return { failed: `The profile could not be prepared for speedscope in ${storage}: ${(error as Error).message}. Free some disk space and try again.` };
    }
  });

  plateau.onRequest('plateau/functionLines', async ({ file, func, isWhole, select }) => {
    const opened = await profiles.open(file, { select });
    return opened.ok ? functionLinesDto(opened.value, functionIndex(func), sources, isWhole) : { func, place: undefined, rows: [] };
  });

  const warned = new Set<string>();
  plateau.onRequest('plateau/recordings', async ({ folder }) => {
    const link = await linkOut(folder, roots());
    if (link !== undefined && !warned.has(link)) {
      warned.add(link);
      warn(`The recordings in ${folder} are not listed: ${describeLinkOut(link)} in the setting plateau.profilesFolder.`);
    }
    return (await requests.recordings(folder, roots())).map(recordingDto);
  });
  plateau.onRequest('plateau/rename', async ({ file, title }) => {
    const done = await requests.rename(file, title);
    profiles.forget();
    return done;
  });
}
