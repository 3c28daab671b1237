import type { ProfileIssue, ProfileWarning } from '../../../shared/issue';
import type { Result } from '../../../shared/result';
import { StackBuilder } from '../../profile/build/stack-builder';
import { Category } from '../../profile/categories';
import { parsePlace } from './frame-text';
import { type Import, imported } from './imported';
import { textLines, wholeLines } from './text-lines';
import { parseV8Name } from './v8-names';

/**
 * What `perf script` prints (tools/perf/Documentation/perf-script.txt): a head and a
 * stack a sample, leaf first, then an empty line.
 *
 *   node  4279/4281 [001] 14529.471948:   10101010 cpu-clock:u:
 *           7f21a3 JS:*fib file:///app/main.js:12:9+0x1a (/tmp/perf-4279.map)
 *             main.c:31                                   (with -F +srcline)
 *
 * What was recorded without -g has its one frame behind the head, on the same line.
 * Lines that were pasted without their indent are frames where they look like one.
 *
 * A profile comes of each thread and event. The number before the event is what
 * the sample stands for: nanoseconds for cpu-clock and task-clock, else a count of
 * the event; without it samples are counted.
 */
export function readPerfScript(bytes: Uint8Array): Result<Import, ProfileIssue> {
  const threads = new Map<string, Thread>();
  let number = 0;
  let bad = 0;
  let firstBad = 0;
  let sample: Sample | undefined;
  const finish = (): void => {
    if (sample) addSample(threads, sample);
    sample = undefined;
  };
  const { lines, cut } = wholeLines(bytes, (line) => line.startsWith('#') || parseFrameLine(line) !== undefined || parseOneLine(line) !== undefined);
  for (const text of textLines(lines)) {
    number++;
    if (text.startsWith('#')) continue;
    if (text.trim() === '') {
      finish();
      continue;
    }
    const single = parseOneLine(text);
    if (single) {
      finish();
      sample = single;
      continue;
    }
    const isIndented = /^\s/.test(text);
    const frame = sample && (isIndented || !hasTime(text)) ? parseFrameLine(text) : undefined;
    if (frame) {
      sample?.frames.push(frame);
      continue;
    }
    const place = isIndented && sample && sample.frames.length > 0 ? parsePlace(text.trim()) : undefined;
    if (place && place.line > 0) {
      const last = sample?.frames.at(-1) as FrameLine;
      last.file = place.url;
      last.line = place.line;
      continue;
    }
    const head = parseHead(text);
    if (head) {
      finish();
      sample = { ...head, frames: [] };
    } else if (bad++ === 0) firstBad = number;
  }
  finish();
  const warnings: ProfileWarning[] = bad > 0 ? [...cut, { kind: 'bad-lines', count: bad, first: firstBad }] : [...cut];
  return imported(
    'perf-script',
    Array.from(threads.values(), ({ name, measure, builder }) => ({ name, measure, built: builder.build(warnings) })),
  );
}

interface Thread {
  readonly name: string;
  /** The event. */
  readonly measure: string;
  readonly builder: StackBuilder;
}
interface Head {
  readonly thread: string;
  readonly event: string;
  /** NaN where the file has none. */
  readonly period: number;
}
interface FrameLine {
  readonly name: string;
  readonly module: string;
  file: string;
  line: number;
}
interface Sample extends Head {
  readonly frames: FrameLine[];
}

/** A program's name may have spaces and digits; what follows it is `pid`, `tid` or `pid/tid`, then perhaps a CPU, then the time. */
function parseHead(line: string): Head | undefined {
  if (line.length > 2000) return undefined;
  const text = line.trim().replace(/\s+/g, ' ');
  const match = /^(\S.*?) (-?\d+(?:\/-?\d+)?) (?:\[\d+\] )?(?:[\d.]+: ?)?(?:(\d+) )?(?:([^\s:]\S*?):+(?: .*)?)?$/.exec(text);
  if (!match || !/\d: |\d:$|:$/.test(text)) return undefined;
  const [, command, ids = '', period, event = ''] = match;
  return { thread: `${command} ${ids}`, event: event.replace(/:[ukhpGHSD]*$/, ''), period: Number(period ?? Number.NaN) };
}

/** A head and its one frame on a line: `node 4279 14529.471948: 10101010 cpu-clock:u:  7f21a3 fib+0x1a (/app/node)`. */
function parseOneLine(line: string): Sample | undefined {
  if (line.length > 4000 || !/\)\s*$/.test(line) || !hasTime(line)) return undefined;
  let found: Sample | undefined;
  // An address is long, or padded; a number behind the time may be the period, so a head with its event is preferred.
  for (const match of line.matchAll(/:(?: {2,}|\t\s*| (?=[0-9a-f]{6}))(?=[0-9a-f]+\s)/gi)) {
    const frame = parseFrameLine(line.slice(match.index + match[0].length));
    const head = frame && frame.name !== '' ? parseHead(line.slice(0, match.index + 1)) : undefined;
    if (!frame || !head) continue;
    found ??= { ...head, frames: [frame] };
    if (head.event !== '') return { ...head, frames: [frame] };
  }
  return found;
}

/** Seconds with a fraction and a colon, as only heads have them. */
const hasTime = (line: string): boolean => /\s\d+\.\d+:(?:\s|$)/.test(line);

/** `address symbol+0xoffset (module)`; the symbol may hold anything. */
function parseFrameLine(line: string): FrameLine | undefined {
  const text = line.trim();
  const space = text.search(/\s/);
  if (space < 0 || !/^[0-9a-f]+$/i.test(text.slice(0, space)) || !text.endsWith(')')) return undefined;
  const open = text.lastIndexOf(' (');
  const start = open < space ? space : open;
  const symbol = text.slice(space + 1, start).trim();
  return { name: symbol.replace(/\+0x[0-9a-f]+$/i, ''), module: text.slice(start + 2, -1), file: '', line: 0 };
}

/** More threads than these are one profile together: nobody chooses from thousands. */
const MAX_THREADS = 1000;

function addSample(threads: Map<string, Thread>, { thread, event, period, frames }: Sample): void {
  const isOther = threads.size >= MAX_THREADS && !threads.has(`${thread}\0${event}`);
  const key = `${isOther ? 'other threads' : thread}\0${event}`;
  let target = threads.get(key);
  const isClock = /^(?:cpu|task)-clock/.test(event) && period > 0;
  if (!target) {
    target = {
      name: `${isOther ? 'other threads' : thread}${event === '' ? '' : ` (${event})`}`,
      measure: event,
      builder: new StackBuilder(isClock ? 'microseconds' : 'count'),
    };
    threads.set(key, target);
  }
  const { builder } = target;
  // The kernel's swapper runs where nothing else does.
  const isIdle = thread.startsWith('swapper ');
  let node = isIdle ? builder.child(builder.root, builder.func('(idle)')) : builder.root;
  let line = 0;
  for (let at = isIdle ? -1 : frames.length - 1; at >= 0; at--) {
    const frame = frames[at] as FrameLine;
    line = frame.line;
    node = builder.child(node, funcOf(builder, frame));
  }
  const cost = builder.raw.unit === 'microseconds' ? (period || 0) / 1000 : period > 0 ? period : 1;
  builder.add(node, cost, 1);
  builder.addLine(node, line, cost);
}

function funcOf(builder: StackBuilder, { name, module, file }: FrameLine): number {
  const script = parseV8Name(name);
  if (script) {
    const row = builder.func(script.name, script.url, script.line - 1, script.line > 0 ? Math.max(0, script.column - 1) : -1);
    if (script.url === '' && !script.name.startsWith('RegExp: ')) builder.raw.functions.known.set(row, Category.Native);
    return row;
  }
  const shown = name === '' || name === '[unknown]' ? `[${module.slice(module.lastIndexOf('/') + 1).replace(/^\[|\]$/g, '') || 'unknown'}]` : name;
  const row = builder.func(shown, file);
  if (/^\[|\.so[\d.]*$|\/(?:node|java|python[\d.]*|ruby|php)$/.test(module) && file === '') builder.raw.functions.known.set(row, Category.Native);
  return row;
}

/** Whether a text begins with samples of perf: a head, and below or behind it an address. */
export function looksLikePerfScript(head: Uint8Array): boolean {
  let wasHead = false;
  let lines = 0;
  for (const line of textLines(head)) {
    if (line.startsWith('#') || line.trim() === '') continue;
    if ((wasHead && parseFrameLine(line)) || parseOneLine(line)) return true;
    wasHead = !line.startsWith('{') && parseHead(line) !== undefined;
    if (++lines > 200) return false;
  }
  return false;
}

/** Whether a text that is not read begins with heads of samples and nothing else: perf was told to print no addresses. */
export function isOnlyPerfHeads(head: Uint8Array): boolean {
  let heads = 0;
  for (const line of textLines(head)) {
    if (line.startsWith('#') || line.trim() === '') continue;
    if (!hasTime(line) || !parseHead(line)) return false;
    if (++heads === 100) break;
  }
  return heads > 1;
}
