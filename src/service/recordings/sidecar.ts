import path from 'node:path';
import { readRegularText } from '../../files/read-regular';
import { printable, shorten } from '../../shared/format';
import { type JsonIssue, readJson } from '../../shared/schemas/read-json';
import { describeFileIssue } from '../support/describe-file-issue';
import { withoutSources } from './packed-sources';
import type { HeapRecordingInfo, RecordingInfo } from './recording-info';
import { heapRecordingSchema, recordingSchema } from './recording-schema';

/** The file beside a recording that tells how it was made. */
export const infoFile = (profile: string): string => `${profile.replace(/\.(?:cpuprofile|heapprofile|heapsnapshot(?:\.(?:gz|zst))?)$/i, '')}.plateau.json`;

/** Why what stands beside a recording says nothing. `file` is its path. */
export type SidecarIssue = { readonly file: string } & (JsonIssue | { readonly kind: 'unreadable'; readonly detail: string });

/** What stands beside a recording: nothing of it where there is none, `issue` where it is there and does not fit. */
export interface Sidecar {
  readonly info?: RecordingInfo;
  readonly heap?: HeapRecordingInfo;
  readonly issue?: SidecarIssue;
}

/** Fingerprints of 200 sources of 4 MB. */
export const MAX_SIDECAR = 64 << 20;

/** Characters of all that is no fingerprint of a source: 10,000 threads have a quarter of it. */
const MOST_ELSE = 8 << 20;
const TOO_MUCH = 'at most 8 MB besides its sources';

const isHeavy = (info: RecordingInfo): boolean => JSON.stringify(withoutSources(info)).length > MOST_ELSE;

/** Whoever wrote it, what is given has the shape that it is to have. Never throws. */
export async function readSidecar(profile: string): Promise<Sidecar> {
  const file = infoFile(profile);
  const read = await readRegularText(file, { most: MAX_SIDECAR, within: [path.dirname(file)] });
  if (!read.ok) return read.error.kind === 'missing' ? {} : { issue: { file, kind: 'unreadable', detail: describeFileIssue(read.error) } };
  const text = read.value;
  const isOfHeap = !/\.cpuprofile$/i.test(profile);
  const heap = isOfHeap ? readJson(text, heapRecordingSchema) : undefined;
  if (heap?.ok && text.length > MOST_ELSE) return { issue: { file, kind: 'unfit', at: '', expected: TOO_MUCH } };
  if (heap?.ok) return { heap: heap.value };
  const info = readJson(text, recordingSchema);
  if (info.ok && text.length > MOST_ELSE && isHeavy(info.value)) return { issue: { file, kind: 'unfit', at: '', expected: TOO_MUCH } };
  if (info.ok) return { info: info.value };
  return { issue: { file, ...(heap && heap.error.kind === 'unfit' && isAboutHeap(text) ? heap.error : info.error) } };
}

const isAboutHeap = (text: string): boolean => /"heap"\s*:/.test(text);

/** `run.plateau.json is not readable: a text was expected at recipe.kind.` */
export const describeSidecarIssue = (issue: SidecarIssue): string => `${printable(path.basename(issue.file))} is not readable: ${describeJsonIssue(issue)}`;

/** What is wrong with a text that was to be JSON of a shape, as a sentence. */
function describeJsonIssue(issue: JsonIssue | { readonly kind: 'unreadable'; readonly detail: string }): string {
  switch (issue.kind) {
    case 'not-json':
      return `it is no JSON (${printable(shorten(issue.detail, 120))}).`;
    case 'unfit':
      return `${printable(shorten(issue.expected, 120))} was expected${issue.at === '' ? '' : ` at ${printable(shorten(issue.at, 120))}`}.`;
    case 'unreadable':
      return `${printable(shorten(issue.detail, 200))}.`;
  }
}
