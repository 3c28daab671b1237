import type { ProfileWarning } from '../../shared/issue';
import { refuseThreads } from '../profile/limits';
import { StackBuilder } from '../profile/stack-builder';
import { parseFrame } from './frame-text';
import type { ImportedProfile } from './imported';
import { isJson, type Json, listOf, numberOf, objectOf, positionOf, textOf } from './json-values';

type ThreadName = (pid: string, tid: string) => string;
const idOf = (value: unknown): string => (typeof value === 'number' || typeof value === 'string' ? String(value) : '');

interface Span {
  readonly start: number;
  end: number;
  readonly name: string;
}

interface Thread {
  readonly pid: string;
  readonly tid: string;
  readonly spans: Span[];
  readonly marks: { readonly ts: number; readonly isBegin: boolean; readonly name: string }[];
}

/**
 * A trace without CPU profiles: its samples over `stackFrames` where it has them
 * (Hermes), else the spans of its events: `X` with a duration, `B` and `E` in pairs.
 * A profile a thread; time that no span covers is idle.
 */
export function readTraceSpans(events: readonly Json[], file: Json, nameOf: ThreadName, warnings: readonly ProfileWarning[]): ImportedProfile[] {
  const samples = listOf(file.samples).filter(isJson);
  if (samples.length > 0 && isJson(file.stackFrames)) return readFrames(samples, file.stackFrames, nameOf, warnings);
  const threads = new Map<string, Thread>();
  for (const event of events) {
    const { ph } = event;
    if (ph !== 'X' && ph !== 'B' && ph !== 'E') continue;
    const [pid, tid] = [idOf(event.pid), idOf(event.tid)];
    const ts = numberOf(event.ts);
    if (Number.isNaN(ts)) continue;
    const key = `${pid}:${tid}`;
    let thread = threads.get(key);
    if (!thread) {
      refuseThreads(threads.size);
      thread = { pid, tid, spans: [], marks: [] };
      threads.set(key, thread);
    }
    const name = textOf(event.name);
    if (ph === 'X') thread.spans.push({ start: ts, end: ts + Math.max(0, numberOf(event.dur ?? event.tdur, 0)), name });
    else thread.marks.push({ ts, isBegin: ph === 'B', name });
  }
  const profiles: ImportedProfile[] = [];
  for (const { pid, tid, spans, marks } of threads.values()) {
    const unbalanced = pairMarks(marks, spans);
    if (spans.every(({ start, end }) => start === end)) continue;
    const own: ProfileWarning[] = unbalanced > 0 ? [{ kind: 'unbalanced-events', count: unbalanced }] : [];
    profiles.push({ name: nameOf(pid, tid), built: buildSpans(spans, [...warnings, ...own]) });
  }
  return profiles;
}

/** Makes spans of begins and ends; gives how many stood alone. */
function pairMarks(marks: Thread['marks'], spans: Span[]): number {
  marks.sort((a, b) => a.ts - b.ts); // stable: of one time, as they stand in the file
  const open: Span[] = [];
  const openByName = new Map<string, number>();
  let unbalanced = 0;
  let last = 0;
  const close = (ts: number): Span => {
    const span = open.pop() as Span;
    span.end = ts;
    openByName.set(span.name, (openByName.get(span.name) as number) - 1);
    return span;
  };
  for (const { ts, isBegin, name } of marks) {
    last = ts;
    if (isBegin) {
      const span = { start: ts, end: ts, name };
      open.push(span);
      spans.push(span);
      openByName.set(name, (openByName.get(name) ?? 0) + 1);
    } else if (name === '' && open.length > 0) close(ts);
    else if ((openByName.get(name) ?? 0) === 0) unbalanced++;
    else while (close(ts).name !== name) unbalanced++;
  }
  unbalanced += open.length;
  const end = spans.reduce((most, span) => Math.max(most, span.end), last);
  while (open.length > 0) close(end);
  return unbalanced;
}

function buildSpans(spans: Span[], warnings: readonly ProfileWarning[]) {
  const builder = new StackBuilder('microseconds');
  const idle = (): number => builder.child(builder.root, builder.func('(idle)'));
  // Of those that begin together the longest is around the others; equal ones nest as they stand.
  spans.sort((a, b) => a.start - b.start || b.end - a.end);
  const open: { node: number; end: number }[] = [];
  const closeUntil = (time: number): void => {
    for (let top = open.at(-1); top && top.end <= time; top = open.at(-1)) {
      open.pop();
      if (open.length === 0 && time === Number.POSITIVE_INFINITY) builder.raw.endTime = top.end;
      else builder.at(open.at(-1)?.node ?? idle(), top.end);
    }
  };
  for (const { start, end, name } of spans) {
    closeUntil(start);
    const around = open.at(-1);
    const node = builder.child(around?.node ?? builder.root, builder.func(name));
    // A span that goes on beyond the one around it is cut: there is one stack at a time.
    open.push({ node, end: Math.min(end, around?.end ?? end) });
    builder.at(node, start);
  }
  closeUntil(Number.POSITIVE_INFINITY);
  return builder.build(warnings);
}

/** `stackFrames: { id: { name, parent } }`, and samples `{ pid, tid, ts, sf }`. */
function readFrames(samples: readonly Json[], frames: Json, nameOf: ThreadName, warnings: readonly ProfileWarning[]): ImportedProfile[] {
  const threads = new Map<string, Json[]>();
  for (const sample of samples) {
    const key = `${idOf(sample.pid)}:${idOf(sample.tid)}`;
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
        const { name, url, line, column } = parseFrame(textOf(frame.name).replace(/(?<=\S)\((?=[a-z]+:\/\/)/, ' ('));
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
    return { name: nameOf(pid, tid), built: builder.build(warnings) };
  });
}
