import fs from 'node:fs';
import path from 'node:path';
import { readRegularTextSync } from '../../files/read-regular-sync';
import type { TrackedFinding } from '../../shared/finding-status';
import type { ReportedFinding } from '../../shared/reported-finding';
import { alignLines, lineFingerprints } from '../../source/align-lines';
import { silencer } from '../../source/parse/ignore-comment';
import type { OpenedProfile } from '../profile/opened-profile';
import { describeStatesIssue } from './describe-states-issue';
import type { FindingSource } from './finding-source';
import { readStates, statesFile, track } from './finding-states';

const order = { error: 0, warning: 1, info: 2 } as const;

/** Loudest first: by level, then by share. */
export const byLoudness = (a: ReportedFinding, b: ReportedFinding): number => order[a.level] - order[b.level] || b.share - a.share;

/** A finding that a comment in the source silences. */
export const silenced = (finding: ReportedFinding): TrackedFinding => ({ finding, status: 'ignored', note: 'Ignored by a comment in the source.' });

/** Of findings of the same id, the later one, which says more, in the place of the first; without echoes. */
export const withExplained = (findings: readonly ReportedFinding[]): ReportedFinding[] =>
  [...new Map(findings.map((one) => [one.id, one])).values()].filter(({ isEcho }) => isEcho !== true);

/** How much of a plateau a pattern has to explain to speak for it. */
const COVERS = 0.8;

const COVERED: ReadonlySet<string> = new Set([
  'plateau',
  'stack-plateau',
  'json',
  'structured-clone',
  'sync-fs',
  'sync-zlib',
  'regexp',
  'console',
  'costly-call',
  'microtasks',
]);

/**
 * Without the plateaus, and the work with JSON, that a pattern explains nearly all of, be they of its function or of
 * one within it: both would say the same, and the pattern says why. Where the pattern is ignored, its line has been
 * judged, and the plateau is ignored with it. A plateau that was decided on stays.
 */
export function withoutCovered(tracked: readonly TrackedFinding[]): TrackedFinding[] {
  const patterns = tracked.filter(({ finding }) => finding.origin === 'pattern');
  return tracked.flatMap((one): TrackedFinding[] => {
    const { finding, status, note } = one;
    const [func] = finding.functions;
    if (!COVERED.has(finding.rule) || status !== 'open' || note !== undefined || func === undefined) return [one];
    // What a dependency or the runtime does is explained where the pattern is in the function that asks for it.
    const covering = patterns.filter(
      ({ finding: { functions, share } }) => functions.some((one) => finding.functions.includes(one)) && share >= finding.share * COVERS,
    );
    if (covering.length === 0) return [one];
    if (covering.some((pattern) => pattern.status !== 'ignored')) return [];
    return [{ finding, status: 'ignored', note: `${covering[0]?.finding.rule} explains it, which is ignored there.` }];
  });
}

/** The profile with nothing but what is open: for reports, which are about what is to do. */
export function withOpenFindings(profile: OpenedProfile, tracked: readonly TrackedFinding[]): OpenedProfile {
  return { ...profile, findings: tracked.filter(({ status }) => status === 'open').map(({ finding }) => finding) };
}

/** When a profile was recorded, in milliseconds since 1970: as it says itself, else when its file was written. */
export function recordedAt({ info, file }: Pick<FindingSource, 'info' | 'file'>): number | undefined {
  if (info) return Date.parse(info.recordedAt);
  try {
    return fs.statSync(file).mtimeMs;
  } catch {
    return undefined;
  }
}

/**
 * Where each finding stands, by the decisions of a folder and the comments in the sources
 * as they are on disk. `problem` tells why the decisions could not be read.
 */
export async function trackFindings(
  profile: OpenedProfile,
  findings: readonly ReportedFinding[],
  root: string,
): Promise<{ readonly tracked: readonly TrackedFinding[]; readonly problem: string | undefined }> {
  const states = await readStates(statesFile(path.resolve(root)));
  const decided = states.ok ? states.value : new Map();
  const at = recordedAt(profile);
  const texts = new Map<string, { readonly silences: ReturnType<typeof silencer>; readonly lineOf: (line: number) => number } | undefined>();
  const tracked = withExplained(findings)
    .sort(byLoudness)
    .map((finding) => {
      const one = track(decided, finding, at);
      const { place, rule } = finding;
      if (one.status === 'open' && finding.isSilenced) return silenced(finding);
      if (one.status !== 'open' || !place) return one;
      if (!texts.has(place.file)) texts.set(place.file, readSource(profile, place.file, [root]));
      const source = texts.get(place.file);
      const line = source?.lineOf(place.line - 1) ?? -1;
      return source && line >= 0 && source.silences(line, rule) ? silenced(finding) : one;
    });
  return { tracked: withoutCovered(tracked), problem: states.ok ? undefined : describeStatesIssue(states.error) };
}

/** A larger source is generated. */
const MAX_TEXT = 16 << 20;

/** A source that has such comments, with where its profiled lines (0-based) stand; undefined for all others. */
function readSource(
  { info }: OpenedProfile,
  file: string,
  own: readonly string[],
): { readonly silences: ReturnType<typeof silencer>; readonly lineOf: (line: number) => number } | undefined {
  const read = readRegularTextSync(file, { most: MAX_TEXT, own });
  if (!read.ok) return undefined; // gone: it silences nothing
  const { value: text } = read;
  if (!text.includes('plateau-ignore-next-line')) return undefined;
  const recorded = info?.sources[file];
  const aligned = recorded && alignLines(recorded, lineFingerprints(text));
  return { silences: silencer(text), lineOf: (line) => (aligned ? (aligned[line] ?? -1) : line) };
}
