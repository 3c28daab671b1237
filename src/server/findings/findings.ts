/**
 * The one source of findings for every shell: by profile or leak hunt, with where each stands. The
 * heuristics come with the profile; patterns and what is wider than before follow, and
 * whoever listens is told. What was decided about them stands in a file of the workspace.
 */
import path from 'node:path';
import { byLoudness, recordedAt, silenced, withExplained, withoutCovered } from '../../service/findings/all-findings';
import { describeStatesIssue } from '../../service/findings/describe-states-issue';
import type { FindingSource } from '../../service/findings/finding-source';
import { decide, type FindingStates, readStates, statesFile, track, updateStates } from '../../service/findings/finding-states';
import type { OpenedProfile } from '../../service/profile/opened-profile';
import { stampOf } from '../../service/profile/slab-cache';
import type { FindingStatus, TrackedFinding } from '../../shared/finding-status';
import type { StatesIssue } from '../../shared/issue';
import type { ReportedFinding } from '../../shared/reported-finding';
import { err, ok, type Result } from '../../shared/result';
import { silencer } from '../../source/parse/ignore-comment';
import type { SourceCache } from '../sources';
import { lineNow } from './finding-places';

export interface FindingStore {
  /** What is known by now, loudest first. */
  of(profile: FindingSource): readonly TrackedFinding[];
  /** Reads what was decided, and begins to look for patterns; resolves before those are there. */
  load(profile: FindingSource): Promise<void>;
  /** Resolves when nothing more will be found. */
  settled(profile: FindingSource): Promise<void>;
  setStatus(profile: FindingSource, ids: readonly string[], status: FindingStatus): Promise<Result<void, StatesIssue>>;
  /** The text of a file as it was when patterns were looked for in it. */
  scannedText(profile: FindingSource, file: string): string | undefined;
  /** Reads what was decided anew: the file may have been changed from outside. */
  reread(): Promise<void>;
  /** Does so if the file is another than the one that was read, or gone. */
  look(): Promise<void>;
  onDidChange(listener: (profile: FindingSource) => void): void;
}

/** Looks for findings that take a while; `onRead` is told each text that it looks at. */
export type FindingSearch = (
  profile: OpenedProfile,
  options: { readonly signal: AbortSignal; onRead(file: string, text: string): void },
) => Promise<readonly ReportedFinding[]>;

interface Entry {
  readonly profile: FindingSource;
  findings: readonly ReportedFinding[];
  readonly texts: Map<string, string>;
  readonly search: AbortController;
  done: Promise<void>;
  /** Milliseconds since 1970. */
  readonly recordedAt: number | undefined;
}

/** Profiles that are looked after at once; the search in older ones is given up. */
const MAX_ENTRIES = 6;
/** Files whose comments are kept. */
const MAX_SILENCERS = 200;

const isProfile = (source: FindingSource): source is OpenedProfile => 'tables' in source;

export function findingStore(context: {
  roots(): readonly string[];
  readonly sources: SourceCache;
  /** Each tells what it has found as soon as it is done. */
  readonly searches: readonly FindingSearch[];
  ignoredRules(): readonly string[];
  /** Tells the user. */
  warn(message: string): void;
}): FindingStore {
  const entries = new Map<FindingSource, Entry>();
  const states = new Map<string, FindingStates>();
  /** Of the files with states as they were read. */
  const stamps = new Map<string, string>();
  const told = new Map<string, string>();
  const listeners: ((profile: FindingSource) => void)[] = [];
  let writing: Promise<unknown> = Promise.resolve();

  const tell = (profile: FindingSource): void => {
    for (const listener of listeners) listener(profile);
  };
  /** Decisions stand in the workspace folder that holds the profile, else in the first. */
  const fileFor = (profile: FindingSource): string => {
    const holds = (root: string): boolean => !path.relative(root, profile.file).startsWith('..') && !path.isAbsolute(path.relative(root, profile.file));
    const root = context.roots().find(holds) ?? context.roots()[0] ?? path.dirname(profile.file);
    return statesFile(root);
  };
  const read = async (file: string): Promise<void> => {
    // Before it is read: what changes meanwhile is another file.
    stamps.set(file, await stampOf(file));
    const result = await readStates(file);
    states.set(file, result.ok ? result.value : new Map());
    const problem = result.ok ? '' : describeStatesIssue(result.error);
    if (problem !== '' && told.get(file) !== problem) context.warn(problem);
    told.set(file, problem);
  };
  const reread = async (): Promise<void> => {
    await Promise.all([...states.keys()].map(read));
    for (const profile of entries.keys()) tell(profile);
  };
  const run = async (entry: Entry, profile: OpenedProfile, search: FindingSearch): Promise<void> => {
    const { texts } = entry;
    const { signal } = entry.search;
    // What was looked at is kept for the files that something was found in.
    const seen = new Map<string, string>();
    const found = await search(profile, { signal, onRead: (file, text) => seen.set(file, text) });
    if (signal.aborted || found.length === 0) return;
    for (const { fix } of found) {
      const text = fix && seen.get(fix.file);
      if (fix && text !== undefined) texts.set(fix.file, text);
    }
    entry.findings = withExplained([...entry.findings, ...found]).sort(byLoudness);
    tell(profile);
  };
  /** The texts that were read for their comments, by file. */
  const silencers = new Map<string, { readonly text: string; readonly silences: ReturnType<typeof silencer> }>();
  const silencerOf = (file: string, text: string): ReturnType<typeof silencer> => {
    const known = silencers.get(file);
    if (known?.text === text) return known.silences;
    if (silencers.size >= MAX_SILENCERS) silencers.clear();
    const silences = silencer(text);
    silencers.set(file, { text, silences });
    return silences;
  };
  const silencedByComment = (profile: FindingSource, { place, rule }: ReportedFinding): boolean => {
    if (!place) return false;
    const text = context.sources.plain(place.file);
    const line = lineNow(profile, place.file, place.line, context.sources);
    return text !== undefined && line !== undefined && silencerOf(place.file, text)(line - 1, rule);
  };

  return {
    of(profile) {
      const entry = entries.get(profile);
      const decided = states.get(fileFor(profile)) ?? new Map();
      const ignored = new Set(context.ignoredRules());
      const listed = (entry?.findings ?? profile.findings).filter(({ rule }) => !ignored.has(rule));
      const tracked = listed.map((finding): TrackedFinding => {
        const one = track(decided, finding, entry?.recordedAt);
        return one.status === 'open' && (finding.isSilenced || silencedByComment(profile, finding)) ? silenced(finding) : one;
      });
      return withoutCovered(tracked);
    },
    async load(profile) {
      if (!entries.has(profile)) {
        const entry: Entry = {
          profile,
          findings: profile.findings,
          texts: new Map(),
          search: new AbortController(),
          done: Promise.resolve(),
          recordedAt: recordedAt(profile),
        };
        entries.set(profile, entry);
        for (const [oldest, { search: running }] of entries) {
          if (entries.size <= MAX_ENTRIES) break;
          running.abort();
          entries.delete(oldest);
        }
        // A hunt has found all that there is.
        const searches = (isProfile(profile) ? context.searches : []).map((search) =>
          run(entry, profile as OpenedProfile, search).catch((error: unknown) => {
            if (!entry.search.signal.aborted) context.warn(`Findings of ${profile.file} could not be looked for: ${(error as Error).message}. Open it again.`);
          }),
        );
        entry.done = Promise.all(searches).then(() => {});
      }
      const file = fileFor(profile);
      if (!states.has(file)) await read(file);
    },
    async setStatus(profile, ids, status) {
      const wanted = new Set(ids);
      const findings = (entries.get(profile)?.findings ?? profile.findings).filter(({ id }) => wanted.has(id));
      const file = fileFor(profile);
      const update = writing.then(() => updateStates(file, (before) => decide(before, findings, status, new Date())));
      writing = update;
      const result = await update;
      if (!result.ok) return err(result.error);
      states.set(file, result.value);
      stamps.set(file, await stampOf(file));
      for (const other of entries.keys()) if (fileFor(other) === file) tell(other);
      return ok(undefined);
    },
    settled: (profile) => entries.get(profile)?.done ?? Promise.resolve(),
    scannedText: (profile, file) => entries.get(profile)?.texts.get(file),
    reread,
    async look() {
      const isSame = await Promise.all([...states.keys()].map(async (file) => (await stampOf(file)) === stamps.get(file)));
      if (isSame.includes(false)) await reread();
    },
    onDidChange: (listener) => void listeners.push(listener),
  };
}
