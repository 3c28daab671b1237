import path from 'node:path';
import { frameLabel } from '../core/findings/explain';
import { Category } from '../core/profile/categories';
import { functionsBySelf } from '../core/profile/costs/function-costs';
import { labelsIn } from '../core/profile/labels';
import { activityStrip, commonRange, cpuOf } from '../core/profile/views/threads';
import type { FindingDto } from '../protocol/findings';
import type { FunctionLinesDto, OpenedProfileDto, RecordingDto } from '../protocol/lsp';
import type { ChoiceDto } from '../protocol/threads';
import { formatNames } from '../service/profile/describe-profile-issue';
import { describeWarning } from '../service/profile/describe-warning';
import type { OpenedProfile } from '../service/profile/opened-profile';
import type { FileContent } from '../service/profile/profile-worker';
import { describeNoFindings, describeShown } from '../service/profile/shown-threads';
import { loopText, recordingText, runtimeText } from '../service/recordings/describe-recording';
import type { StoredRecording } from '../service/recordings/recordings';
import { describeSidecarIssue } from '../service/recordings/sidecar';
import type { FunctionIndex } from '../shared/brands';
import { formatBytes, formatCount, formatShare, formatTime, plural } from '../shared/format';
import { recipeTitle } from '../shared/recipe';
import type { LineCost, SourcePlace } from '../source/source-view';
import { rowOfFocus } from './functions-at';
import type { SourceCache } from './sources';

export function openedDto(
  profile: OpenedProfile,
  findings: readonly FindingDto[],
  slab: { readonly file: string; readonly bytes: number },
  content: FileContent,
): OpenedProfileDto {
  const { info, totals, tables } = profile;
  const focus = info?.focus && rowOfFocus(profile, info.focus);
  // What is known of a recording as a whole is of the thread that stands first.
  const isOfFirst = profile.threads === undefined || profile.threads.shown.includes(0);
  return {
    file: profile.file,
    slab: slab.file,
    slabBytes: slab.bytes,
    title: info?.title ?? path.basename(profile.file).replace(/\.cpuprofile$/i, ''),
    subtitle: info ? recordingText(info) : profile.file,
    totals: { ...totals, nodes: tables.nodes.length },
    findings,
    warnings: profile.warnings.map(describeWarning),
    silence: describeNoFindings(profile),
    focus,
    focusMissing: info?.focus && focus === undefined && isOfFirst ? neverRan(profile) : undefined,
    loop: isOfFirst ? info?.loop && loopText(info.loop) : undefined,
    unit: tables.unit,
    labels: labelsIn(tables),
    format: content.format === 'cpuprofile' ? undefined : formatNames[content.format],
    choices: choicesOf(profile, content),
    selected: content.selected,
    threads: profile.threads && { shown: describeShown(profile.threads), ...commonRange(profile.threads.all) },
    canRepeat: info !== undefined && info.recipe.kind !== 'process',
  };
}

function choicesOf({ tables, threads }: OpenedProfile, { profiles, selected }: FileContent): ChoiceDto[] {
  const range = threads && commonRange(threads.all);
  return profiles.map(({ name, unit, samples, thread, isMissing = false, strip }, row) => {
    const detail = `${unit === 'microseconds' ? '' : `${unit}, `}${plural(samples, 'sample')}`;
    if (!thread || !range) return { name, detail };
    const { process, thread: number, waiting } = thread;
    // What is read already needs no other thread to read it again.
    const own = strip ?? (selected === row ? activityStrip(tables, range.from, range.to) : undefined);
    return { name, detail, thread: { process, thread: number, name: thread.name, cpu: cpuOf(thread), waiting, isMissing, strip: own } };
  });
}

/** Why the function asked for has no frame, and what ran instead. */
function neverRan(profile: OpenedProfile): string {
  const { tables, costs, totals, info } = profile;
  const top = functionsBySelf(costs)
    .filter((func) => (tables.functions.category[func] as number) <= Category.Dependency && (costs.self[func] as number) > 0)
    .slice(0, 3)
    .map((func) => `${frameLabel(tables, func)} (${formatShare((costs.self[func] as number) / Math.max(1, totals.active))})`);
  const name = info?.focus?.name || 'The function';
  const instead = top.length > 0 ? ` What ran instead: ${top.join(', ')}.` : '';
  return `${name} was not seen in ${plural(totals.samples, 'sample')}: it was not called, or too briefly to be caught. Exercise it for longer, call it in a loop, or shorten the sampling interval.${instead}`;
}

/** More lines than anybody reads; a bundle may be one function. */
const MAX_LINES = 5000;

/** A place with what is there now: a file may have come since the profile was opened, by a build or another checkout. */
export function asItIsNow(place: SourcePlace | undefined, sources: SourceCache): SourcePlace | undefined {
  return place && !place.exists && path.isAbsolute(place.file) && sources.isThere(place.file) ? { ...place, exists: true } : place;
}

/** A function's hot lines with what stands around them; or, whole, every line from its first to its last. */
export async function functionLinesDto(profile: OpenedProfile, func: FunctionIndex, sources: SourceCache, isWhole: boolean): Promise<FunctionLinesDto> {
  const place = asItIsNow(profile.sources.place(func), sources);
  if (!place?.exists) return { func, place, rows: [] };
  // A function may have no line with a cost of its own: read as a whole it still has its text.
  const hot = profile.sources.functionLines(func) ?? (isWhole ? { file: place.file, lines: new Map<number, LineCost>() } : undefined);
  if (!hot) return { func, place, rows: [] };
  const source = await sources.text(hot.file);
  const text = source?.text.split('\n');
  const aligned = sources.aligned(profile, hot.file);
  const { active } = profile.totals;
  // V8 gives ticks of inlined functions to their caller's node; lines outside of the function are theirs.
  const own = source?.functions.find((one) => one.v8Line === place.line - 1 && (one.v8Column === place.column - 1 || one.nameColumn === place.column - 1));
  const isOwn = (line: number): boolean => !own || aligned !== undefined || (line - 1 >= own.startLine && line - 1 <= own.endLine);
  const ranked = [...hot.lines]
    .filter(([line]) => isOwn(line))
    .sort((a, b) => b[1].self - a[1].self)
    .slice(0, 12);
  const wanted = new Set<number>();
  for (const [line] of ranked) for (let near = line - 1; near <= line + 1; near++) wanted.add(near);
  if (isWhole && own && !aligned) for (let line = own.startLine + 1; line <= own.endLine + 1 && wanted.size < MAX_LINES; line++) wanted.add(line);
  const rows = [...wanted]
    .sort((a, b) => a - b)
    .flatMap((line) => {
      const now = aligned ? (aligned[line - 1] ?? -1) : line - 1;
      const content = now >= 0 ? text?.[now] : undefined;
      const cost = hot.lines.get(line);
      if (content === undefined || !isOwn(line) || (!isWhole && !cost && (content.trim() === '' || line < place.line))) return [];
      const self = cost?.self ?? 0;
      return [{ line: now + 1, text: content.slice(0, 400), self, share: active > 0 ? self / active : 0 }];
    });
  return { func, place, rows };
}

export function recordingDto(recording: StoredRecording): RecordingDto {
  const { file, info, heap, issue, modified, size, beside: threads, sidecar } = recording;
  const beside = sidecar === undefined ? threads : [...threads, sidecar];
  const name = path.basename(file).replace(/\.(?:cpuprofile|heapprofile|heapsnapshot)$/i, '');
  const kind = /\.heapsnapshot$/i.test(file) ? 'snapshot' : /\.heapprofile$/i.test(file) ? 'allocations' : 'cpu';
  if (heap) {
    const detail = [
      recipeTitle(heap.recipe),
      new Date(heap.recordedAt).toLocaleString('en-CA', { hour12: false }),
      heap.node ? `node ${heap.node.replace(/^v/, '')}` : '',
      heap.interval ? `every ${formatBytes(heap.interval)}` : heap.pauseMs ? `was paused for ${formatTime(heap.pauseMs * 1000)}` : '',
    ];
    const headline = `${formatBytes(heap.bytes)} ${kind === 'allocations' ? 'allocated' : 'heap'}`;
    return { file, title: heap.title, time: Date.parse(heap.recordedAt), headline, detail: detail.filter(Boolean).join('\n'), canRepeat: false, kind, beside };
  }
  if (!info)
    return {
      file,
      title: name,
      time: modified,
      headline: `${(size / 1e6).toFixed(1)} MB`,
      detail: issue ? describeSidecarIssue(issue) : 'Not recorded by Plateau: nothing is known of how.',
      isDamaged: issue !== undefined,
      canRepeat: false,
      kind,
      beside,
    };
  const { headline } = info;
  const top = headline.top ? ` · ${headline.top.name} ${formatShare(headline.top.selfShare)}` : '';
  const detail = [
    recipeTitle(info.recipe),
    new Date(info.recordedAt).toLocaleString('en-CA', { hour12: false }),
    `${runtimeText(info.node)}, ${formatCount(headline.samples)} samples, every ${formatTime(info.interval)}`,
    info.commit ? `commit ${info.commit.slice(0, 7)}${info.isDirty ? ' with changes' : ''}` : '',
    info.loop ? loopText(info.loop) : '',
    threads.length > 0 ? plural(threads.length + 1, 'thread') : '',
  ];
  return {
    file,
    title: info.title,
    time: Date.parse(info.recordedAt),
    headline: `${formatTime(headline.duration)}${top}`,
    detail: detail.filter(Boolean).join('\n'),
    canRepeat: info.recipe.kind !== 'process',
    kind,
    beside,
  };
}
