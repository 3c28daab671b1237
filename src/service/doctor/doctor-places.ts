import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Blame } from '../../core/doctor/diagnosis';
import type { StackFrame, Vitals } from '../../core/doctor/vitals';
import { Category } from '../../core/profile/categories';
import { functionAt } from '../../core/profile/tables';
import { readRegularTextSync } from '../../files/read-regular-sync';
import type { FunctionIndex } from '../../shared/brands';
import { printable, shorten } from '../../shared/format';
import { urlToPath } from '../../source/maps/locate';
import { sourceMapOf } from '../../source/maps/source-maps';
import { lineOfCall } from '../../source/parse/call-lines';
import type { SourceFunction } from '../../source/parse/parse-functions';
import { areTurnsInOrderInTime, functionsInTime, isAwaitedInTime, isInLoopInTime } from '../../source/parse/parse-in-time';
import type { OpenedProfile } from '../profile/opened-profile';

/** Where a verdict points to. */
export interface DoctorPlace {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** The function's name; empty where it has none. */
  readonly name: string;
  /** Its row in the profile, where it is in there. */
  readonly func?: FunctionIndex | undefined;
}

/** The line of the user's own code that a verdict blames; undefined where no file of this machine is known for it. */
export function placeOfBlame(blame: Blame | undefined, profile: OpenedProfile, vitals: Vitals | undefined): DoctorPlace | undefined {
  switch (blame?.kind) {
    case 'function':
      return placeOfFunction(blame.func, blame.through, profile);
    case 'site': {
      const site = vitals?.sites[blame.site];
      return site && (blame.wantsAwait ? placeOfTimer(site.frames) : placeOfFrames(site.frames, blame.wantsLoop, blame.frame));
    }
    case 'frame': {
      const file = urlToPath(blame.url);
      if (file === undefined) return undefined;
      const name = blame.name;
      const original = sourceMapOf(file)?.original(blame.line + 1, Math.max(0, blame.column));
      return { file: original?.source ?? file, line: original?.line ?? blame.line + 1, name, func: functionNamed(profile, name, blame.url) };
    }
    default:
      return undefined;
  }
}

/** The call into foreign code where that is most of the cost, else the hottest line, else where the function begins. */
function placeOfFunction(func: FunctionIndex, through: readonly FunctionIndex[], { tables, sources, costs }: OpenedProfile): DoctorPlace | undefined {
  const place = sources.place(func);
  if (!place) return undefined;
  const { file } = place;
  const { name } = functionAt(tables, func);
  const hot = sources.functionLines(func);
  let hottest: number | undefined;
  let most = 0;
  for (const [line, { ticks }] of hot?.file === file ? hot.lines : []) {
    if (ticks <= most) continue;
    most = ticks;
    hottest = line;
  }
  const text = textOf(file);
  const functions = text === undefined ? [] : (functionsInTime(text, file) ?? []);
  let call: number | undefined;
  const isElsewhere = (costs.self[func] as number) * 2 < (costs.total[func] as number);
  if (text !== undefined && through.length > 0 && isElsewhere) {
    const names = through.map((one) => functionAt(tables, one).name);
    const within = functions.find((one) => one.v8Line === place.line - 1 && one.v8Column === place.column - 1);
    const isWhole = within === undefined && place.line === 1;
    const from = within ? within.startLine + 1 : place.line;
    const to = within ? within.endLine + 1 : isWhole ? Number.MAX_SAFE_INTEGER : place.line + 200;
    call = lineOfCall(text, from, to, names);
  }
  const line = call ?? hottest ?? place.line;
  // Code of a function that V8 has inlined counts for its caller, but on its own line.
  const around = line === place.line ? undefined : functions.filter(({ startLine, endLine }) => line > startLine && line <= endLine + 1);
  const inner = around?.reduce<SourceFunction | undefined>((best, one) => (!best || one.start >= best.start ? one : best), undefined);
  return { file, line, name: inner ? inner.name : name, func };
}

/** Whether the blamed operations are asked for in a loop of which each turn needs what the one before gave. */
export function areInOrder(blame: Blame | undefined, vitals: Vitals | undefined): boolean {
  if (blame?.kind !== 'site' || !blame.wantsLoop) return false;
  const found = frameInLoop(ownFrames(vitals?.sites[blame.site]?.frames ?? []));
  const text = found && textOf(found.file);
  return found !== undefined && text !== undefined && areTurnsInOrderInTime(text, found.file, found.line, found.column);
}

/** The innermost frame outside of dependencies; of a sequence, the innermost that stands in a loop. */
function placeOfFrames(frames: readonly StackFrame[], wantsLoop: boolean, row = 0): DoctorPlace | undefined {
  const own = ownFrames(frames);
  const found = (wantsLoop ? frameInLoop(own) : undefined) ?? own[row] ?? own[0];
  return found && { file: found.file, line: found.line, name: found.name, func: undefined };
}

/** Where a timer is awaited, else where it is set. */
function placeOfTimer(frames: readonly StackFrame[]): DoctorPlace | undefined {
  const own = ownFrames(frames);
  const found = awaitingFrame(own) ?? own[0];
  return found && { file: found.file, line: found.line, name: found.name, func: undefined };
}

const awaitingFrame = (own: readonly OwnFrame[]): OwnFrame | undefined =>
  own.find(({ file, line, column }) => {
    const text = textOf(file);
    return text !== undefined && isAwaitedInTime(text, file, line, column);
  });

/** Where a timer that is waited for is set and where it is awaited, as a sentence; empty for other verdicts. */
export function timerPlaces(blame: Blame | undefined, vitals: Vitals | undefined): string {
  if (blame?.kind !== 'site' || !blame.wantsAwait) return '';
  const frames = vitals?.sites[blame.site]?.frames ?? [];
  const own = ownFrames(frames);
  const [set] = own;
  if (!set) return '';
  const awaiting = awaitingFrame(own);
  const at = ({ file, line }: OwnFrame): string => `${path.basename(file)}:${line}`;
  const isThere = !awaiting || at(awaiting) === at(set);
  const who = awaiting?.name ? ` in ${shorten(printable(awaiting.name), 60)}` : '';
  return ` The timer is set at ${at(set)}${isThere ? '' : `, and awaited at ${at(awaiting)}${who}`}.`;
}

type OwnFrame = NonNullable<ReturnType<typeof locate>>;

const ownFrames = (frames: readonly StackFrame[]): OwnFrame[] =>
  frames.filter(({ file }) => !/[\\/]node_modules[\\/]/.test(file)).flatMap((frame) => locate(frame) ?? []);

const frameInLoop = (own: readonly OwnFrame[]): OwnFrame | undefined =>
  own.find(({ file, line, column }) => {
    const text = textOf(file);
    return text !== undefined && isInLoopInTime(text, file, line, column);
  });

function locate(frame: StackFrame): { file: string; line: number; column: number; name: string } | undefined {
  const file = urlToPath(frame.file);
  if (file === undefined) return undefined;
  const { line, column, name } = frame;
  const original = frame.isMapped ? undefined : sourceMapOf(file)?.original(line, Math.max(0, column - 1));
  return original ? { file: original.source, line: original.line, column: original.column + 1, name } : { file, line, column, name };
}

function functionNamed({ tables }: OpenedProfile, name: string, url: string): FunctionIndex | undefined {
  const wanted = new Set([url, urlToPath(url), urlToPath(url) === undefined ? url : pathToFileURL(urlToPath(url) as string).href]);
  for (let func = 0; func < tables.functions.length; func++) {
    if (tables.functions.category[func] !== Category.User) continue;
    const view = functionAt(tables, func as FunctionIndex);
    if (view.name === name && wanted.has(view.url)) return view.index;
  }
  return undefined;
}

/** Sources above this are somebody's output. */
const MAX_SOURCE = 4 << 20;

function textOf(file: string): string | undefined {
  const read = readRegularTextSync(file, { most: MAX_SOURCE });
  return read.ok ? read.value : undefined;
}
