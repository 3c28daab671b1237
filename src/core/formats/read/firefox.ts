import type { ProfileFormat, ProfileIssue, ProfileWarning } from '../../../shared/issue';
import type { Result } from '../../../shared/result';
import { isJson, type Json, listOf, nameOf, numberOf, objectOf, parseJson, positionOf, rowOf, textOf } from '../../json/json-values';
import { StackBuilder } from '../../profile/build/stack-builder';
import { Category } from '../../profile/categories';
import { refuseThreads } from '../../profile/limits';
import { parseFrame } from './frame-text';
import { type Import, type ImportedProfile, imported } from './imported';

declare const TextEncoder: { new (): { encode(text: string): Uint8Array } };
const encoder = new TextEncoder();

/**
 * Firefox profiles (github.com/firefox-devtools/profiler, docs-developer/processed-profile-format.md
 * and gecko-profile-format.md). Both are threads of tables: a sample has a stack, a
 * stack a frame and the stack that called it (its prefix), a frame a function. The
 * processed format has a table as columns, `{ frame: […], prefix: […] }`, and since
 * 2025 the tables may be shared by all threads; the gecko format has rows, and says
 * in `schema` where a value stands, and a frame's place in one text,
 * `name (url:line:column)`. Times are milliseconds, lines and columns count from 1.
 */
export function readFirefox(value: unknown, warnings: readonly ProfileWarning[]): Result<Import, ProfileIssue> {
  const outer = objectOf(value);
  // The developer tools of before 2018 saved the gecko profile inside of their own.
  const file = isJson(outer.profile) && !isJson(outer.meta) ? outer.profile : outer;
  const profiles: ImportedProfile[] = [];
  let format: ProfileFormat = 'firefox';
  const started = numberOf(objectOf(file.meta).startTime);
  let unread = 0;
  // Child processes of a gecko profile are whole profiles, and may have children of their own.
  const waiting: Json[] = [file];
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const meta = objectOf(next.meta);
    // Each process counts from its own start.
    const sinceStart = numberOf(numberOf(meta.startTime) - started, 0);
    const threads = listOf(next.threads).map(fromText);
    const children = [...threads.filter(isProcess), ...listOf(next.processes).map(fromText)];
    unread += threads.filter((one) => !isJson(one)).length;
    for (const thread of threads) {
      if (!isJson(thread) || isProcess(thread)) continue;
      refuseThreads(profiles.length);
      const isGecko = isJson(objectOf(thread.samples).schema);
      if (isGecko) format = 'gecko';
      const built = readThread(thread, isGecko ? geckoTables(thread) : processedTables(thread, objectOf(next.shared)), meta, sinceStart, warnings);
      if (built) profiles.push({ name: threadName(thread), built, process: numberOrNone(thread.pid), thread: numberOrNone(thread.tid) });
    }
    for (const child of children) {
      if (!isJson(child)) unread++;
      else if (waiting.length < MOST_PROCESSES) waiting.push(child);
    }
  }
  if (unread === 0) return imported(format, profiles);
  const told: ProfileWarning = { kind: 'unread-threads', count: unread };
  return imported(
    format,
    profiles.map((one) => ({ ...one, built: { tables: one.built.tables, warnings: [...one.built.warnings, told] } })),
  );
}

const MOST_PROCESSES = 10_000;

/** Gecko profiles of before 2018 have those of other processes as JSON texts. */
function fromText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const json = parseJson(encoder.encode(value));
  return json.ok ? json.value.value : undefined;
}

/** Whether what stands among threads is the profile of a process. */
const isProcess = (value: unknown): boolean => isJson(value) && Array.isArray(value.threads) && !isJson(value.samples);

/** Newer profiles have them as texts, some with a letter. */
const numberOrNone = (id: unknown): number | undefined => (/^\d{1,15}$/.test(String(id)) ? Number(id) : undefined);

function threadName({ name, processName, pid, tid }: Json): string {
  const thread = nameOf(name) || `thread ${String(tid ?? '')}`;
  const process = nameOf(processName) || (pid === undefined ? '' : `process ${String(pid)}`);
  return process === '' || process === thread ? thread : `${thread} (${process})`;
}

/** A table of either format: the value of a column in a row. */
interface Table {
  readonly length: number;
  at(column: string, row: number): unknown;
}

interface Tables {
  readonly samples: Table;
  readonly stacks: Table;
  readonly frames: Table;
  /** Function row of a frame. */
  func(builder: StackBuilder, frame: number): number;
}

function columns(table: Json, lead: string): Table {
  const lead0 = listOf(table[lead]);
  return { length: lead0.length, at: (column, row) => listOf(table[column])[row] };
}

function processedTables(thread: Json, shared: Json): Tables {
  const table = (name: string): Json => objectOf(thread[name] ?? shared[name]);
  const strings = listOf(thread.stringArray ?? objectOf(thread.stringTable)._array ?? shared.stringArray ?? thread.stringTable);
  const text = (index: unknown): string => nameOf(strings[rowOf(index, strings.length)]);
  const funcs = columns(table('funcTable'), 'name');
  const frames = columns(table('frameTable'), 'func');
  const sources = table('sources');
  const resources = columns(table('resourceTable'), 'name');
  return {
    samples: columns(objectOf(thread.samples), 'stack'),
    stacks: columns(table('stackTable'), 'frame'),
    frames,
    func(builder, frame) {
      const func = rowOf(frames.at('func', frame), funcs.length);
      if (func < 0) return builder.func('(unknown)');
      const source = rowOf(funcs.at('source', func), listOf(sources.filename).length);
      const url = text(funcs.at('fileName', func)) || (source < 0 ? '' : text(listOf(sources.filename)[source]));
      const line = positionOf(funcs.at('lineNumber', func), 1);
      const row = builder.func(text(funcs.at('name', func)), url, line, line < 0 ? -1 : positionOf(funcs.at('columnNumber', func), 1));
      // What is neither JavaScript nor relevant to it is the browser, or its labels.
      if (url === '' && funcs.at('isJS', func) === false && funcs.at('relevantForJS', func) === false && isLibrary(funcs.at('resource', func))) {
        builder.raw.functions.known.set(row, Category.Native);
      }
      return row;
    },
  };
  function isLibrary(resource: unknown): boolean {
    return rowOf(resource, resources.length) >= 0;
  }
}

function rowsTable(value: unknown): Table {
  const { schema, data } = objectOf(value);
  const rows = listOf(data);
  const places = objectOf(schema);
  return {
    length: rows.length,
    at(column, row) {
      const place = Object.hasOwn(places, column) ? places[column] : undefined;
      return typeof place === 'number' ? listOf(rows[row])[place] : undefined;
    },
  };
}

function geckoTables(thread: Json): Tables {
  const strings = listOf(thread.stringTable);
  const frames = rowsTable(thread.frameTable);
  const known = new Map<unknown, number>();
  return {
    samples: rowsTable(thread.samples),
    stacks: rowsTable(thread.stackTable),
    frames,
    func(builder, frame) {
      const location = frames.at('location', frame);
      let row = known.get(location);
      if (row === undefined) {
        const { name, url, line, column } = parseFrame(nameOf(strings[rowOf(location, strings.length)]).replace(/\[\d+\]\)$/, ')'));
        // A script that a loader has loaded has the loader's url before its own.
        row = builder.func(name, url.slice(url.lastIndexOf(' -> ') + (url.includes(' -> ') ? 4 : 1)), line - 1, line > 0 ? column - 1 : -1);
        known.set(location, row);
      }
      return row;
    },
  };
}

/** A gap of so many intervals between samples is time in which the thread was not sampled. */
const GAP = 10;

function readThread(thread: Json, tables: Tables, meta: Json, sinceStart: number, warnings: readonly ProfileWarning[]) {
  const { samples, stacks } = tables;
  if (samples.length === 0) return undefined;
  const weightType = textOf(objectOf(thread.samples).weightType);
  const times = sampleTimes(samples);
  const isTimed = times !== undefined && weightType !== 'bytes' && weightType !== 'tracing-ms';
  const unit = weightType === 'bytes' ? 'bytes' : isTimed || weightType === 'tracing-ms' ? 'microseconds' : 'count';
  const builder = new StackBuilder(unit);
  const nodes = stackNodes(builder, tables);
  const idle = (): number => builder.child(builder.root, builder.func('(idle)'));
  const idleCategory = listOf(meta.categories).findIndex((category) => objectOf(category).name === 'Idle');
  const interval = numberOf(meta.interval, 1) * 1000;
  let end = Number.NaN;
  for (let i = 0; i < samples.length; i++) {
    const stack = rowOf(samples.at('stack', i), stacks.length);
    const isIdle = stack < 0 || (idleCategory >= 0 && nodes.category[stack] === idleCategory);
    if (!isTimed) {
      const node = nodes.node(stack);
      const weight = numberOf(samples.at('weight', i), 1);
      builder.add(node, Math.abs(weight) * (unit === 'microseconds' ? 1000 : 1)); // freed bytes are negative
      builder.addLine(node, stack < 0 ? 0 : (nodes.line[stack] as number), Math.abs(weight));
      continue;
    }
    const time = ((times[i] as number) + sinceStart) * 1000;
    if (interval > 0 && time - end > (GAP - 1) * interval) builder.at(idle(), end);
    builder.at(isIdle ? idle() : nodes.node(stack), time);
    if (!isIdle) builder.addLine(nodes.node(stack), nodes.line[stack] as number, 1);
    end = time + interval;
  }
  if (isTimed) builder.raw.endTime = end;
  return builder.build(warnings);
}

/** Milliseconds; undefined where samples have none. */
function sampleTimes(samples: Table): Float64Array | undefined {
  const times = new Float64Array(samples.length);
  const hasTimes = typeof samples.at('time', 0) === 'number';
  if (!hasTimes && typeof samples.at('timeDeltas', 0) !== 'number') return undefined;
  let time = 0;
  for (let i = 0; i < samples.length; i++) {
    time = hasTimes ? numberOf(samples.at('time', i), time) : time + numberOf(samples.at('timeDeltas', i), 0);
    times[i] = time;
  }
  return times;
}

interface StackNodes {
  /** The root for a row that is none. */
  node(stack: number): number;
  /** The line that runs, from 1; 0 for none. */
  readonly line: Int32Array;
  readonly category: Int32Array;
}

/** A prefix stands before what it calls; where it does not, the root is taken. Only stacks that are asked for get nodes. */
function stackNodes(builder: StackBuilder, { stacks, frames, func }: Tables): StackNodes {
  const nodes = new Int32Array(stacks.length).fill(-1);
  const line = new Int32Array(stacks.length);
  const category = new Int32Array(stacks.length).fill(-1);
  const functions = new Int32Array(frames.length).fill(-1);
  const prefixOf = (stack: number): number => rowOf(stacks.at('prefix', stack), stack);
  for (let stack = 0; stack < stacks.length; stack++) {
    const prefix = prefixOf(stack);
    const frame = rowOf(stacks.at('frame', stack), frames.length);
    // A frame without a category has that of its caller.
    category[stack] = numberOf(stacks.at('category', stack) ?? frames.at('category', frame), prefix < 0 ? -1 : (category[prefix] as number));
    line[stack] = frame < 0 ? 0 : positionOf(frames.at('line', frame), 1) + 1;
  }
  const step = (parent: number, stack: number): number => {
    const frame = rowOf(stacks.at('frame', stack), frames.length);
    if (frame < 0) return parent;
    if ((functions[frame] as number) < 0) functions[frame] = func(builder, frame);
    const row = functions[frame] as number;
    // Both formats put a root of their own at the bottom of every stack.
    return parent === builder.root && row === builder.raw.func.at(builder.root) ? parent : builder.child(parent, row);
  };
  return {
    line,
    category,
    node(stack) {
      const path: number[] = [];
      let at = stack;
      for (; at >= 0 && (nodes[at] as number) < 0; at = prefixOf(at)) path.push(at);
      let node = at < 0 ? builder.root : (nodes[at] as number);
      for (let i = path.length - 1; i >= 0; i--) {
        node = step(node, path[i] as number);
        nodes[path[i] as number] = node;
      }
      return node;
    },
  };
}
