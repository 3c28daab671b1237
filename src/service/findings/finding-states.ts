/**
 * What a team has decided about findings, as `.plateau/findings.json` in the workspace:
 * `{ "version": 1, "findings": { "<id>": { "status": "done", "at": "<ISO 8601>", "title": "…" } } }`.
 * Open findings have no entry. Entries stand by their ids, one field a line, so that the
 * file is read, compared and merged like code. A file that is damaged is told and never
 * written over; a new one takes the place of the old by renaming.
 */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { isInside } from '../../files/local-path';
import { readRegularText } from '../../files/read-regular';
import type { FindingStatus, TrackedFinding } from '../../shared/finding-status';
import type { StatesIssue } from '../../shared/issue';
import type { ReportedFinding } from '../../shared/reported-finding';
import { err, ok, type Result } from '../../shared/result';
import { describeFileIssue } from '../support/describe-file-issue';

export interface FindingState {
  readonly status: Exclude<FindingStatus, 'open'>;
  /** ISO 8601: when it was decided. */
  readonly at: string;
  /** For the people who read the file. */
  readonly title: string;
}

export type FindingStates = ReadonlyMap<string, FindingState>;

/** Far more than any team decides; a larger file is not this one. */
const MAX_BYTES = 4 << 20;

export const statesFile = (root: string): string => path.join(root, '.plateau', 'findings.json');

/** Nothing is decided where there is no file. */
export async function readStates(file: string): Promise<Result<FindingStates, StatesIssue>> {
  // In the folder that holds `.plateau`.
  const read = await readRegularText(file, { most: MAX_BYTES, within: [path.dirname(path.dirname(file))] });
  if (read.ok) return parseStates(read.value, file);
  if (read.error.kind === 'missing') return ok(new Map());
  if (read.error.kind === 'too-large') return err({ kind: 'bad-states', file, detail: `it has ${read.error.bytes} bytes` });
  return err({ kind: 'unreadable-states', file, detail: `it ${describeFileIssue(read.error)}` });
}

export function parseStates(text: string, file: string): Result<FindingStates, StatesIssue> {
  const bad = (detail: string): Result<FindingStates, StatesIssue> => err({ kind: 'bad-states', file, detail });
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    return bad((error as Error).message);
  }
  const { version, findings } = (typeof json === 'object' && json !== null ? json : {}) as { version?: unknown; findings?: unknown };
  if (version !== 1) return bad(typeof version === 'number' ? `it is of version ${version}, and this Plateau knows version 1` : 'it has no "version": 1');
  if (typeof findings !== 'object' || findings === null || Array.isArray(findings)) return bad('it has no object "findings"');
  const states = new Map<string, FindingState>();
  for (const [id, given] of Object.entries(findings)) {
    const state = (typeof given === 'object' && given !== null ? given : {}) as { [K in keyof FindingState]?: unknown };
    if (state.status !== 'done' && state.status !== 'ignored') return bad(`"${id}" has a status that is neither "done" nor "ignored"`);
    if (typeof state.at !== 'string' || Number.isNaN(Date.parse(state.at))) return bad(`"${id}" has no date "at"`);
    states.set(id, { ...state, status: state.status, at: state.at, title: typeof state.title === 'string' ? state.title : '' });
  }
  return ok(states);
}

/** The states with a decision about findings; `open` takes earlier ones back. */
export function decide(states: FindingStates, findings: readonly Pick<ReportedFinding, 'id' | 'title'>[], status: FindingStatus, at: Date): FindingStates {
  const next = new Map(states);
  for (const { id, title } of findings) {
    if (status === 'open') next.delete(id);
    else next.set(id, { status, at: at.toISOString(), title });
  }
  return next;
}

/**
 * Where a finding stands. What was marked done and shows again in a recording from after
 * that is open again; `recordedAt` is in milliseconds since 1970, where it is known.
 */
export function track(states: FindingStates, finding: ReportedFinding, recordedAt: number | undefined): TrackedFinding {
  const state = states.get(finding.id);
  if (!state) return { finding, status: 'open', note: undefined };
  const day = state.at.slice(0, 10);
  if (state.status === 'ignored') return { finding, status: 'ignored', note: `Ignored on ${day}.` };
  if (recordedAt !== undefined && recordedAt > Date.parse(state.at))
    return { finding, status: 'open', note: `Marked done on ${day}, and seen again in this newer recording.` };
  return { finding, status: 'done', note: `Marked done on ${day}.` };
}

export function statesText(states: FindingStates): string {
  const sorted = [...states].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `${JSON.stringify({ version: 1, findings: Object.fromEntries(sorted) }, null, 2)}\n`;
}

/**
 * Reads, changes and writes the file. Nothing is written where it cannot be read as it
 * should; a reader finds the old file or the new one, never a part.
 */
export async function updateStates(file: string, change: (states: FindingStates) => FindingStates): Promise<Result<FindingStates, StatesIssue>> {
  const before = await readStates(file);
  if (!before.ok) return before;
  const states = change(before.value);
  const draft = `${file}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    await fs.mkdir(path.dirname(file), { recursive: true });
    if (!(await isWithin(file))) return err({ kind: 'unwritable-states', file, detail: 'its folder is a link to outside of the workspace' });
    await fs.writeFile(draft, statesText(states), { flag: 'wx' });
    await fs.rename(draft, file);
    return ok(states);
  } catch (error) {
    await fs.rm(draft, { force: true }).catch(() => {}); // the first error is the one to tell
    return err({ kind: 'unwritable-states', file, detail: (error as Error).message });
  }
}

/** Whether the folder of the file is where it seems to be: a repository may have a link in its place. */
async function isWithin(file: string): Promise<boolean> {
  const folder = path.dirname(file);
  const [real, root] = await Promise.all([fs.realpath(folder), fs.realpath(path.dirname(folder))]);
  return isInside(root, real);
}
