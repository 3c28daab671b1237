/** From three snapshots to a `HuntResult`: reads them, ranks, and says in words and places what keeps what. */
import fs from 'node:fs';
import path from 'node:path';
import { scriptsFile } from '../../capture/attach/heap-snapshot';
import { analyzeHeap } from '../../core/heap/analysis/analyze-heap';
import type { HeapGraph } from '../../core/heap/graph/heap-graph';
import { findLeaks } from '../../core/heap/leaks/leaks';
import type { HuntResult, HuntVerdict } from '../../shared/hunt';
import type { HeapIssue, HeapWarning } from '../../shared/issue';
import { err, ok, type Result } from '../../shared/result';
import { describeHeapWarning, describeLargeScripts } from '../heap/describe-heap-issue';
import { type ScriptPlaces, scriptPlaces } from '../heap/heap-places';
import { readHeapSnapshotSync } from '../heap/heap-read';
import { commonPid } from '../recordings/recorded-pid';
import { withinMemory } from '../support/heap-memory';
import { readLengths } from './hunt-lengths';
import { foldCauses } from './leak-causes';
import { inWords } from './leak-words';

export type LeakReportIssue =
  | { readonly kind: 'unread'; readonly file: string; readonly issue: HeapIssue }
  | { readonly kind: 'other-process'; readonly file: string }
  | { readonly kind: 'numbered-anew'; readonly pid: number }
  /** During a hunt, which was over one connection all the time; `pid` is 0 where it is not known. */
  | { readonly kind: 'debugger-left'; readonly pid: number }
  /** A snapshot ends early, or goes on as none does. */
  | { readonly kind: 'cut-off'; readonly file: string; readonly warning: HeapWarning }
  | { readonly kind: 'wrong-order' };

export interface LeakReportRequest {
  readonly files: readonly [string, string, string];
  readonly times: number | undefined;
  readonly title: string;
  /** Of a hunt that has just taken them: its process, 0 where that is not known. */
  readonly huntedPid?: number;
  /** Folders in which sources are looked for. */
  readonly roots: readonly string[];
  readonly about?: Partial<Pick<HuntResult, 'recordedAt' | 'warmup' | 'node'>> & { readonly pausesMs?: readonly number[] };
  readonly onProgress?: (share: number) => void;
  /** The bundle of `heap-thread.ts`: a second core reads, too. */
  readonly threadFile?: string | undefined;
}

export function reportLeaks(request: LeakReportRequest): Result<HuntResult, LeakReportIssue> {
  const graphs: HeapGraph[] = [];
  const warnings: string[] = [];
  for (const [i, file] of request.files.entries()) {
    const read = readHeapSnapshotSync(file, { threadFile: request.threadFile, onProgress: (done, all) => request.onProgress?.((i + done / all) / 4) });
    if (!read.ok) return err({ kind: 'unread', file, issue: read.error });
    const cut = read.value.warnings.find(({ kind }) => kind === 'truncated' || kind === 'malformed');
    // Objects and their names that are missing are no objects that went: what is compared must be whole.
    if (cut) return err({ kind: 'cut-off', file, warning: cut });
    for (const warning of read.value.warnings) warnings.push(`${file}: ${describeHeapWarning(warning)}`);
    graphs.push(read.value.graph);
  }
  request.onProgress?.(0.75);
  const [first, second, third] = graphs as [HeapGraph, HeapGraph, HeapGraph];
  const found = withinMemory(third, () => findLeaks(first, second, analyzeHeap(third), { times: request.times, lengths: readLengths(request.files[2]) }));
  if (!found.ok) {
    const issue = found.error;
    if (issue.kind === 'too-little-memory') return err({ kind: 'unread', file: request.files[2], issue });
    if (request.huntedPid !== undefined) return err({ kind: 'debugger-left', pid: request.huntedPid });
    const pid = commonPid(request.files);
    if (issue.kind === 'wrong-order') return err(issue);
    return err(pid === undefined ? { kind: 'other-process', file: request.files[issue.which - 1] as string } : { kind: 'numbered-anew', pid });
  }
  const places = scriptPlaces(scriptsFile(request.files[2]), request.roots);
  const { leaks, settled, unexplained, classes, totals } = found.value;
  const isGrown = leaks.length > 0 || unexplained > 0 || classes.length > 0;
  const about = request.about ?? {};
  const verdict: HuntVerdict = leaks.some((leak) => leak.verdict === 'leak') ? 'leak' : isGrown ? 'growth' : 'clean';
  return ok({
    schema: 'plateau/hunt/1',
    verdict,
    title: request.title,
    recordedAt: about.recordedAt ?? fs.statSync(request.files[2]).mtime.toISOString(),
    times: request.times,
    warmup: about.warmup,
    node: about.node,
    snapshots: request.files.map((file, i) => ({ file, heapBytes: totals[i] as number, pauseMs: about.pausesMs?.[i] })),
    leaks: foldCauses(leaks.map((leak) => inWords(leak, places))),
    settled,
    ...(unexplained > 0 ? { unexplained } : {}),
    ...(classes.length > 0 ? { classes } : {}),
    warnings: [...warnings, ...placesWarning(places, request.files[2])],
  });
}

function placesWarning({ tooLarge, isEmpty }: ScriptPlaces, file: string): string[] {
  if (tooLarge) return [describeLargeScripts(tooLarge)];
  return isEmpty ? [`There is no ${path.basename(scriptsFile(file))} beside the last snapshot, so functions cannot be led to files.`] : [];
}
