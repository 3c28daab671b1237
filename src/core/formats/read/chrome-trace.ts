import type { ProfileIssue, ProfileWarning } from '../../../shared/issue';
import { err, type Result } from '../../../shared/result';
import { isJson, type Json, listOf, nameOf, numberOf, objectOf, positionOf, textOf } from '../../json/json-values';
import { type BuiltProfile, buildTables } from '../../profile/build/build-tables';
import { PairIndex } from '../../profile/build/pair-index';
import { RawProfile } from '../../profile/build/raw-profile';
import { withGaps } from '../../profile/costs/sampling-gaps';
import { refuseThreads } from '../../profile/limits';
import { type Import, type ImportedProfile, imported } from './imported';
import { readTraceSpans, threadOf } from './trace-spans';

/**
 * Chrome's trace-event format (Trace Event Format, Google, 2016): a list of events
 * `{ ph, name, pid, tid, ts, … }`, bare or as `traceEvents` of an object; the list's
 * end may be missing. Times are microseconds. CPU profiles come in pieces,
 *
 *   { ph: 'P', name: 'Profile', id, pid, tid, args: { data: { startTime } } }
 *   { ph: 'P', name: 'ProfileChunk', id, pid, args: { data: {
 *       cpuProfile: { nodes: [{ id, parent, callFrame }], samples: [id…] }, timeDeltas: […], lines: […] } } }
 *
 * or, from older Chromes, whole as `CpuProfile`. Pieces with one pid and id are one
 * thread's profile. A trace without them is read as the spans of its events.
 */
export function readChromeTrace(value: unknown, warnings: readonly ProfileWarning[]): Result<Import, ProfileIssue> {
  const events = eventsOf(value);
  const threads = threadNames(events);
  const profiles: ImportedProfile[] = [];
  for (const { pid, tid, chunks, startTime } of collect(events)) {
    refuseThreads(profiles.length);
    const built = buildChunks(chunks, startTime, warnings);
    if (built) profiles.push({ name: threads(pid, tid), built, process: numberOrNone(pid), thread: numberOrNone(tid) });
  }
  if (profiles.length > 0) return imported('chrome-trace', profiles);
  const spans = readTraceSpans(events, objectOf(Array.isArray(value) ? undefined : value), threads, warnings);
  return spans.length > 0 ? imported('chrome-trace', spans) : err({ kind: 'nothing-in-it', format: 'chrome-trace' });
}

/** The inspector sends events in messages; some save those as they come. */
function eventsOf(value: unknown): Json[] {
  const { traceEvents, value: collected } = objectOf(value);
  const list = Array.isArray(value) ? value : Array.isArray(traceEvents) ? traceEvents : Array.isArray(collected) ? collected : [value];
  return list.filter(isJson).flatMap((one) => (one.ph === undefined && isJson(one.params) ? listOf(one.params.value).filter(isJson) : [one]));
}

/** The number that an id is; undefined for a name. */
const numberOrNone = (id: string): number | undefined => (/^\d{1,15}$/.test(id) ? Number(id) : undefined);

const idOf = (value: unknown): string => (typeof value === 'number' || typeof value === 'string' ? String(value) : '');

/** `CrRendererMain`, and the process where several have a thread of that name. */
function threadNames(events: readonly Json[]): (pid: string, tid: string) => string {
  const names = new Map<string, string>();
  const processes = new Map<string, string>();
  for (const { ph, name, pid, tid, args } of events) {
    if (ph !== 'M') continue;
    if (name === 'thread_name') names.set(`${idOf(pid)}:${threadOf({ pid, tid })}`, nameOf(objectOf(args).name));
    else if (name === 'process_name') processes.set(idOf(pid), nameOf(objectOf(args).name));
  }
  return (pid, tid) => {
    const thread = names.get(`${pid}:${tid}`) || `thread ${tid}`;
    const process = processes.get(pid) || (processes.size > 1 || pid === '' ? '' : `process ${pid}`);
    return process === '' ? thread : `${thread} (${process})`;
  };
}

interface Collected {
  readonly pid: string;
  tid: string;
  startTime: number;
  readonly chunks: { readonly ts: number; readonly data: Json }[];
}

function collect(events: readonly Json[]): Collected[] {
  const byId = new Map<string, Collected>();
  for (const event of events) {
    const { name, pid, id, ts } = event;
    if (name !== 'Profile' && name !== 'ProfileChunk' && name !== 'CpuProfile') continue;
    const data = objectOf(objectOf(event.args).data);
    // A whole profile has no id: its thread tells it apart.
    const key = `${idOf(pid)}:${name === 'CpuProfile' ? `thread ${threadOf(event)}` : idOf(id)}`;
    let profile = byId.get(key);
    if (!profile) {
      profile = { pid: idOf(pid), tid: threadOf(event), startTime: Number.NaN, chunks: [] };
      byId.set(key, profile);
    }
    if (name === 'Profile') {
      // The pieces come from the sampler's thread; this event is of the thread that was sampled.
      profile.tid = threadOf(event);
      profile.startTime = numberOf(data.startTime);
    } else profile.chunks.push({ ts: numberOf(ts, 0), data });
  }
  const list = [...byId.values()];
  for (const { chunks } of list) chunks.sort((a, b) => a.ts - b.ts);
  return list;
}

function buildChunks(chunks: Collected['chunks'], startTime: number, warnings: readonly ProfileWarning[]): BuiltProfile | undefined {
  const raw = new RawProfile();
  raw.startTime = startTime;
  const rowOfId = new Map<number, number>();
  const lines = new PairIndex();
  const ticks: number[] = [];
  for (const { data } of chunks) {
    const profile = objectOf(data.cpuProfile);
    for (const node of listOf(profile.nodes)) addNode(raw, objectOf(node), rowOfId);
    const samples = listOf(profile.samples);
    const deltas = listOf(data.timeDeltas ?? profile.timeDeltas);
    const sampleLines = listOf(data.lines);
    for (const [i, sample] of samples.entries()) {
      const id = numberOf(sample);
      raw.sampleIds.push(id);
      // A missing delta would shift all that follow: the sample stands where the one before it does.
      raw.timeDeltas.push(numberOf(deltas[i], 0));
      const line = positionOf(sampleLines[i], 1) + 1;
      const row = rowOfId.get(id);
      if (line <= 0 || row === undefined) continue;
      const at = lines.intern(row, line);
      ticks[at] = (ticks[at] ?? 0) + 1;
    }
    const start = numberOf(profile.startTime ?? data.startTime);
    if (Number.isNaN(raw.startTime) && !Number.isNaN(start)) raw.startTime = start;
    const end = numberOf(data.endTime ?? profile.endTime);
    if (!Number.isNaN(end)) raw.endTime = end;
  }
  for (let at = 0; at < lines.length; at++) {
    raw.tickNode.push(lines.first.at(at));
    raw.tickLine.push(lines.second.at(at));
    raw.tickCount.push(ticks[at] as number);
  }
  const whole = buildTables(raw);
  const built = whole && withGaps(whole);
  return built && { tables: built.tables, warnings: [...warnings, ...built.warnings] };
}

/** A node of V8's own form; `parent` by id, or `children`. */
function addNode(raw: RawProfile, node: Json, rowOfId: Map<number, number>): void {
  const frame = objectOf(node.callFrame);
  const id = numberOf(node.id);
  if (!rowOfId.has(id)) rowOfId.set(id, raw.ids.length);
  raw.ids.push(id);
  const line = positionOf(frame.lineNumber, 0);
  const column = positionOf(frame.columnNumber, 0);
  raw.func.push(raw.functions.internText(nameOf(frame.functionName), textOf(frame.url), line, column));
  const hits = numberOf(node.hitCount, 0);
  raw.hitCount.push(hits >= 0 && hits < 0xffff_ffff ? hits : 0);
  raw.deopt.push(raw.strings.intern(textOf(node.deoptReason)));
  raw.parentId.push(numberOf(node.parent));
  raw.firstChild.push(raw.childIds.length);
  for (const child of listOf(node.children)) if (typeof child === 'number') raw.childIds.push(child);
}
