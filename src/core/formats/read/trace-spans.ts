import type { ProfileWarning } from '../../../shared/issue';
import { isJson, type Json, listOf, nameOf, numberOf, objectOf, positionOf } from '../../json/json-values';
import { StackBuilder } from '../../profile/build/stack-builder';
import { refuseThreads } from '../../profile/limits';
import { parseFrame } from './frame-text';
import type { ImportedProfile } from './imported';
import { detailOf, durationOf, type Span, spanOf } from './span';
import { type Mark, pairMarks } from './span-pairs';
import { buildSpans } from './span-stacks';

type ThreadName = (pid: string, tid: string) => string;
const idOf = (value: unknown): string => (typeof value === 'number' || typeof value === 'string' ? String(value) : '');

/** A process that does not number its threads has one. */
export const threadOf = ({ pid, tid }: Json): string => idOf(tid) || idOf(pid);

interface Thread {
  readonly pid: string;
  readonly tid: string;
  readonly spans: Span[];
  readonly marks: Mark[];
}

/** Names with what was worked on are kept up to so many; beyond, spans have their own names only. */
const MOST_DETAILS = 100_000;

/**
 * A trace without CPU profiles: its samples over `stackFrames` where it has them
 * (Hermes), else the spans of its events: `X` with a duration, `B` and `E` in pairs.
 * A profile a thread; time that no span covers is idle. What an event says that it
 * worked on (a path, a url) is a part of its span's name. An event without a time, or
 * with a duration below zero, is told.
 */
export function readTraceSpans(events: readonly Json[], file: Json, threadName: ThreadName, warnings: readonly ProfileWarning[]): ImportedProfile[] {
  const samples = listOf(file.samples).filter(isJson);
  if (samples.length > 0 && isJson(file.stackFrames)) return readFrames(samples, file.stackFrames, threadName, warnings);
  const { threads, bad } = collectThreads(events);
  const paired = threads.map((thread) => ({ ...thread, alone: pairMarks(thread.marks, thread.spans) }));
  const hasTime = ({ spans }: Thread): boolean => spans.some(({ start, end }) => end > start);
  // What is wrong with threads that are not shown is told with those that are.
  const elsewhere = paired.reduce((sum, thread) => sum + (hasTime(thread) ? 0 : thread.alone), 0);
  return paired.filter(hasTime).map(({ pid, tid, spans, alone }) => {
    const own: ProfileWarning[] = [...warnings];
    if (bad > 0) own.push({ kind: 'bad-spans', count: bad });
    if (alone + elsewhere > 0) own.push({ kind: 'unbalanced-events', count: alone + elsewhere });
    return { name: threadName(pid, tid), built: buildSpans(spans, own) };
  });
}

function collectThreads(events: readonly Json[]): { readonly threads: readonly Thread[]; readonly bad: number } {
  const threads = new Map<string, Thread>();
  const details = new Set<string>();
  const known = (detail: string): string => {
    if (detail === '' || details.has(detail)) return detail;
    if (details.size >= MOST_DETAILS) return '';
    details.add(detail);
    return detail;
  };
  let bad = 0;
  for (const [order, event] of events.entries()) {
    const { ph } = event;
    if (ph !== 'X' && ph !== 'B' && ph !== 'E') continue;
    const ts = numberOf(event.ts);
    const duration = ph === 'X' ? durationOf(event) : 0;
    if (Number.isNaN(ts) || duration === undefined) bad++;
    if (Number.isNaN(ts)) continue;
    const [pid, tid] = [idOf(event.pid), threadOf(event)];
    const key = `${pid}:${tid}`;
    let thread = threads.get(key);
    if (!thread) {
      refuseThreads(threads.size);
      thread = { pid, tid, spans: [], marks: [] };
      threads.set(key, thread);
    }
    const detail = known(detailOf(event.args));
    const span = spanOf(event, ts, ts + (duration ?? 0), order, detail);
    if (ph === 'X') thread.spans.push(span);
    else thread.marks.push({ ts, isBegin: ph === 'B', name: nameOf(event.name), detail, span });
  }
  return { threads: [...threads.values()], bad };
}

/** `stackFrames: { id: { name, parent } }`, and samples `{ pid, tid, ts, sf }`. */
function readFrames(samples: readonly Json[], frames: Json, threadName: ThreadName, warnings: readonly ProfileWarning[]): ImportedProfile[] {
  const threads = new Map<string, Json[]>();
  for (const sample of samples) {
    const key = `${idOf(sample.pid)}:${threadOf(sample)}`;
    const list = threads.get(key);
    if (list) list.push(sample);
    else {
      refuseThreads(threads.size);
      threads.set(key, [sample]);
    }
  }
  return Array.from(threads, ([key, list]) => {
    const builder = new StackBuilder('microseconds');
    const nodes = new Map<string, number>();
    /** Iterative, and each frame once: a loop of parents ends at its first frame. */
    const nodeOf = (id: string): number => {
      const path: string[] = [];
      const seen = new Set<string>();
      let at = id;
      while (at !== '' && !nodes.has(at) && !seen.has(at) && Object.hasOwn(frames, at)) {
        seen.add(at);
        path.push(at);
        at = idOf(objectOf(frames[at]).parent);
      }
      let node = nodes.get(at) ?? builder.root;
      for (const one of path.reverse()) {
        const frame = objectOf(frames[one]);
        // Hermes: `name(http://host/index.bundle:1:1)`
        const { name, url, line, column } = parseFrame(nameOf(frame.name).replace(/(?<=\S)\((?=[a-z]+:\/\/)/, ' ('));
        node = builder.child(
          node,
          builder.func(name, url, line > 0 ? line - 1 : positionOf(frame.line, 1), column > 0 ? column - 1 : positionOf(frame.column, 1)),
        );
        nodes.set(one, node);
      }
      return node;
    };
    const sorted = list.map((sample) => ({ ts: numberOf(sample.ts), id: idOf(sample.sf) })).sort((a, b) => a.ts - b.ts);
    for (const { ts, id } of sorted) builder.at(nodeOf(id), ts);
    const [pid = '', tid = ''] = key.split(':');
    return { name: threadName(pid, tid), built: builder.build(warnings) };
  });
}
