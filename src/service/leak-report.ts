/** From three snapshots to a `HuntResult`: reads them, ranks, and says in words and places what keeps what. */
import fs from 'node:fs';
import path from 'node:path';
import { scriptsFile } from '../capture/heap-snapshot';
import { loopCall } from '../capture/loop';
import { analyzeHeap } from '../core/heap/analyze-heap';
import type { HeapGraph } from '../core/heap/heap-graph';
import type { Leak } from '../core/heap/leak';
import { CELL, isContextName } from '../core/heap/leak-holders';
import { findLeaks } from '../core/heap/leaks';
import { shorten } from '../shared/format';
import type { HuntLeak, HuntPlace, HuntResult, HuntStep, HuntVerdict } from '../shared/hunt';
import type { HeapIssue } from '../shared/issue';
import { err, ok, type Result } from '../shared/result';
import { describeLargeScripts } from './describe-issue';
import { withinMemory } from './heap-memory';
import { isOwnFile, type ScriptPlaces, scriptPlaces } from './heap-places';
import { readHeapSnapshotSync } from './heap-read';
import { readLengths } from './hunt-lengths';
import { commonPid } from './recorded-pid';

export type LeakReportIssue =
  | { readonly kind: 'unread'; readonly file: string; readonly issue: HeapIssue }
  | { readonly kind: 'other-process'; readonly file: string }
  | { readonly kind: 'numbered-anew'; readonly pid: number }
  | { readonly kind: 'wrong-order' };

export interface LeakReportRequest {
  readonly files: readonly [string, string, string];
  readonly times: number | undefined;
  readonly title: string;
  /** Folders in which sources are looked for. */
  readonly roots: readonly string[];
  readonly about?: Partial<Pick<HuntResult, 'recordedAt' | 'warmup' | 'node'>> & { readonly pausesMs?: readonly number[] };
  readonly onProgress?: (share: number) => void;
}

export function reportLeaks(request: LeakReportRequest): Result<HuntResult, LeakReportIssue> {
  const graphs: HeapGraph[] = [];
  for (const [i, file] of request.files.entries()) {
    const read = readHeapSnapshotSync(file, { onProgress: (done, all) => request.onProgress?.((i + done / all) / 4) });
    if (!read.ok) return err({ kind: 'unread', file, issue: read.error });
    graphs.push(read.value.graph);
  }
  request.onProgress?.(0.75);
  const [first, second, third] = graphs as [HeapGraph, HeapGraph, HeapGraph];
  const found = withinMemory(third, () => findLeaks(first, second, analyzeHeap(third), { times: request.times, lengths: readLengths(request.files[2]) }));
  if (!found.ok) {
    const issue = found.error;
    if (issue.kind === 'too-little-memory') return err({ kind: 'unread', file: request.files[2], issue });
    const pid = commonPid(request.files);
    if (issue.kind === 'wrong-order') return err(issue);
    return err(pid === undefined ? { kind: 'other-process', file: request.files[issue.which - 1] as string } : { kind: 'numbered-anew', pid });
  }
  const places = scriptPlaces(scriptsFile(request.files[2]), request.roots);
  const { leaks, settled, unexplained, totals } = found.value;
  const about = request.about ?? {};
  const verdict: HuntVerdict = leaks.some((leak) => leak.verdict === 'leak') ? 'leak' : leaks.length > 0 || unexplained > 0 ? 'growth' : 'clean';
  return ok({
    schema: 'plateau/hunt/1',
    verdict,
    title: request.title,
    recordedAt: about.recordedAt ?? fs.statSync(request.files[2]).mtime.toISOString(),
    times: request.times,
    warmup: about.warmup,
    node: about.node,
    snapshots: request.files.map((file, i) => ({ file, heapBytes: totals[i] as number, pauseMs: about.pausesMs?.[i] })),
    leaks: leaks.map((leak) => inWords(leak, places)),
    settled,
    ...(unexplained > 0 ? { unexplained } : {}),
    warnings: places.tooLarge
      ? [describeLargeScripts(places.tooLarge)]
      : places.isEmpty
        ? [`There is no ${path.basename(scriptsFile(request.files[2]))} beside the last snapshot, so functions cannot be led to files.`]
        : [],
  });
}

function inWords(leak: Leak, places: ScriptPlaces): HuntLeak {
  // The harness that calls an exported function holds it, and is no part of the program.
  const harness = leak.path.findIndex(({ edge }) => edge === loopCall);
  const steps = leak.path.map((_, i): HuntStep | undefined => (harness >= 0 && i <= harness + 2 ? undefined : stepText(leak, i, places)));
  const allocation = (leak.allocation ?? []).map(({ name, url, scriptId, line, column }) => ({
    name: name || '(anonymous)',
    place: places.place({ scriptId, line: line - 1, column: column - 1 }, url),
  }));
  const running = allocation.flatMap(({ place }) => (place ? [place] : []));
  const allocatedAt = allocation.find(({ place }) => place && isOwnFile(place.file))?.place;
  const retainedAt = retainingPlace(leak, places) ?? allocatedAt;
  return {
    verdict: leak.verdict,
    measure: leak.measure,
    className: classText(leak),
    counts: leak.counts,
    perExercise: leak.perExercise,
    isMultiple: leak.isMultiple,
    retainedSize: leak.retainedSize,
    bytesPerExercise: leak.bytesPerExercise,
    summary: summaryOf(leak, places, running),
    path: steps.filter((step) => step !== undefined),
    retainedAt,
    alsoKeptBy: leak.others
      // The harness holds what it calls.
      .filter(({ path, holder }) => {
        const at = path.findIndex(({ edge }) => edge === loopCall);
        return at < 0 || holder > at + 2;
      })
      .map((other) => ({ text: summaryOf(other, places, running), place: retainingPlace({ ...other, functions: [] }, places) })),
    allocatedAt,
    allocation,
    objectId: leak.objectId,
    holderId: leak.holderId,
    holders: leak.holders,
  };
}

/** Functions without a name, and what V8 makes, have an empty one. */
function classText({ className, measure, path: steps }: Leak): string {
  const step = steps.at(-1);
  if (measure !== 'objects')
    return `${shapeless(className)} (its ${parts[className] ?? (isBuffer.test(className) ? 'length' : measure === 'elements' ? 'elements' : 'properties')})`;
  return step?.type === 'closure' ? functionText(step.name) : className || `(${step?.type ?? 'object'})`;
}

/** What there are more of in an object that grows. */
const parts: Readonly<Record<string, string>> = { Array: 'elements', Map: 'entries', Set: 'entries', string: 'length' };
const isBuffer = /Buffer$|Array$|^DataView$/;

const functionText = (name: string): string => `function ${name || '(anonymous)'}`;

/** V8's own objects and edges say nothing to whoever wrote the program. */
function stepText(leak: Leak, at: number, places: ScriptPlaces): HuntStep | undefined {
  const step = leak.path[at];
  if (!step || at === 0) return undefined;
  const isContext = isContextName(step.name);
  const isOwn = step.type === 'array' || step.type === 'hidden' || step.type === 'code' || step.type === 'synthetic' || isContext || step.edgeKind === 'weak';
  if ((isOwn && at !== leak.holder) || step.name === CELL) return undefined;
  const place = step.place && places.place(step.place);
  return { text: stepName(leak, at), place, id: step.id };
}

/** A plain object is labelled by its properties, `{user-37, user-51, …}`: of one that grows they are data, and others in each run. */
const shapeless = (name: string): string => (name.startsWith('{') ? 'Object' : name);

/** Names may be data, as the keys of a table: characters that are shown. */
const LONGEST_NAME = 60;

/** "`sessions` (Map)": by the name that user code gave, with what it is. */
function stepName(leak: Pick<Leak, 'path' | 'holder'>, at: number): string {
  const step = leak.path[at];
  if (!step) return '';
  const what =
    step.type === 'closure'
      ? functionText(shorten(step.name, LONGEST_NAME))
      : isContextName(step.name)
        ? 'variables of a function'
        : /string$/.test(step.type)
          ? 'string'
          : at === leak.holder
            ? shorten(shapeless(step.name), LONGEST_NAME)
            : shorten(step.name, LONGEST_NAME);
  if (step.edgeKind === 'context' || step.edgeKind === 'property') return `\`${shorten(step.edge, LONGEST_NAME)}\` (${what})`;
  if (step.edgeKind === 'element') return `[${step.edge}] (${what})`;
  const pair = /^\d+ \/ part of key/.test(step.edge);
  return pair ? `value in a WeakMap (${what})` : what;
}

/** "`sessions` (Map) in module src/app.ts, closure `track` at src/app.ts:12". */
function summaryOf(leak: Pick<Leak, 'path' | 'holder'>, places: ScriptPlaces, running: readonly HuntPlace[]): string {
  const { path: steps } = leak;
  // A variable, or a property of an object: the name stands on the edge that leaves the holder.
  const next = steps[leak.holder + 1]?.edgeKind;
  let at = next === 'context' || (next === 'property' && leak.holder + 2 < steps.length) ? leak.holder + 1 : leak.holder;
  // What holds them may have no name of its own, as the table of a Map: up to the name that user code gave.
  while (at > 1 && steps[at]?.edgeKind !== 'context' && steps[at]?.edgeKind !== 'property') at--;
  const named = stepName(leak, at > 1 ? at : leak.holder);
  const below = at > 1 && at < leak.holder ? `, in its ${stepName(leak, leak.holder)}` : '';
  for (let i = at; i > 0; i--) {
    const step = steps[i];
    const closures = steps[i - 1]?.closures ?? [];
    const user =
      step?.edgeKind === 'context'
        ? places.user(
            step.edge,
            closures.map(({ place }) => place),
            running,
          )
        : undefined;
    const seen = closures[user?.index ?? 0] ?? (step?.type === 'closure' && step.place ? { name: step.name, place: step.place } : undefined);
    const place = seen && places.place(seen.place);
    if (!seen || !place) continue;
    const shown = places.shown(place.file);
    const closure = `closure \`${seen.name || '(anonymous)'}\` at ${shown}:${place.line}`;
    const isTold = closures.length < 2 || user?.isSure === true;
    return `${named}${below} in module ${shown}, ${isTold ? closure : `seen by ${closure}, among others`}`;
  }
  const maker = steps[at - 1]?.place ?? steps[leak.holder]?.place;
  const place = maker && places.place(maker);
  const owner = shapeless(steps[at - 1]?.name ?? '');
  return place ? `${named}${below} of ${owner}, made by ${places.shown(place.file)}:${place.line}` : `${named}${below}`;
}

/** The declaration of what keeps them, nearest to them first; in the user's own files. */
function retainingPlace({ path: steps, holder, functions }: Pick<Leak, 'path' | 'holder' | 'functions'>, places: ScriptPlaces): HuntPlace | undefined {
  for (let i = holder + 1; i > 0; i--) {
    const step = steps[i];
    const before = steps[i - 1];
    if (!step || !before) continue;
    const declared =
      step.edgeKind === 'context'
        ? before.closures[0] && places.variable(step.edge, before.closures[0].place)
        : propertyPlace(step.edgeKind, step.edge, before.place, places);
    if (declared && isOwnFile(declared.file)) return declared;
  }
  for (let i = holder + 1; i > 0; i--) {
    for (const { name, place } of steps[i]?.variables ?? []) {
      const declared = places.variable(name, place);
      if (declared && isOwnFile(declared.file)) return declared;
    }
  }
  // Held by a library: the first function of the user's that it holds.
  const closures = steps.slice(holder).flatMap(({ type, place }) => (type === 'closure' && place ? [place] : []));
  return [...closures, ...functions.map(({ place }) => place)].map((place) => places.place(place)).find((place) => place && isOwnFile(place.file));
}

function propertyPlace(kind: string, name: string, maker: Leak['path'][number]['place'], places: ScriptPlaces): HuntPlace | undefined {
  return kind === 'property' && maker ? places.property(name, maker) : undefined;
}
