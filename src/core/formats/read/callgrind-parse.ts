import type { ProfileWarning } from '../../../shared/issue';
import { PairIndex } from '../../profile/build/pair-index';
import { textLines } from './text-lines';

/** Functions, and for each event what their lines and calls cost. */
export interface CallGraph {
  readonly events: readonly string[];
  /** Of functions. */
  readonly names: readonly string[];
  /** Files of functions; empty for none. */
  readonly urls: readonly string[];
  /** (function, line from 1, or 0 where the cost lies in another file's line). */
  readonly lines: PairIndex;
  /** (caller, callee). */
  readonly calls: PairIndex;
  /** By event, then by row of `lines`. */
  readonly lineCosts: readonly (readonly number[])[];
  /** By event, then by row of `calls`; inclusive. */
  readonly callCosts: readonly (readonly number[])[];
  readonly warnings: readonly ProfileWarning[];
}

/** With all of Valgrind's caches and branches there are thirteen; each is a tree of its own. */
const MAX_EVENTS = 16;

/**
 * The callgrind format (valgrind.org/docs/manual/cl-format.html), which Xdebug and
 * KCachegrind's converters write too:
 *
 *   events: Ir Dr              positions: line
 *   fl=(1) main.c              a name in brackets stands for the text that first came with it
 *   fn=(1) main
 *   16 20 4                    line (also +3, -3, *), costs
 *   cfn=(2) parse              what is called
 *   calls=1 50                 how often, where
 *   16 400 80                  line of the call, inclusive costs
 *
 * Costs may be relative to the ones before as lines are; few writers use that.
 */
export function parseCallgrind(bytes: Uint8Array): CallGraph {
  const graph = graphBuilder();
  const place = currentPlace(graph.functionOf);
  let positions = ['line'];
  let last: number[] = [];
  let number = 0;
  let bad = 0;
  let firstBad = 0;

  for (const raw of textLines(bytes)) {
    number++;
    const text = raw.trim();
    if (text === '' || text.startsWith('#')) continue;
    const spec = /^(\w+)=(.*)$/.exec(text);
    if (spec) {
      place.set(spec[1] as string, (spec[2] as string).trim());
      continue;
    }
    const header = /^(\w+):(.*)$/.exec(text);
    if (header) {
      const values = (header[2] as string).trim().split(/\s+/);
      if (header[1] === 'events' && values[0] !== '') graph.setEvents(values.slice(0, 64));
      else if (header[1] === 'positions' && values[0] !== '') positions = values.slice(0, 3);
      continue;
    }
    const fields = text.split(/\s+/);
    const places = positions.map((_, i) => position(fields[i] as string, last[i] ?? 0));
    if (place.current() < 0 || places.some(Number.isNaN)) {
      if (bad++ === 0) firstBad = number;
      continue;
    }
    last = places;
    const costs = fields.slice(positions.length);
    const call = place.takeCall();
    if (call) {
      if (call.called >= 0) graph.addCall(place.current(), call.called, costs);
      continue;
    }
    const line = places[positions.indexOf('line')] ?? 0;
    const isOwn = place.isInOwnFile() && line >= 1 && line <= 0x7fff_fffe;
    graph.addLine(place.current(), isOwn ? line : 0, costs);
  }
  return graph.done(bad > 0 ? [{ kind: 'bad-lines', count: bad, first: firstBad }] : []);
}

interface GraphBuilder {
  setEvents(names: string[]): void;
  /** The row of a function of a file and an object. */
  functionOf(name: string, file: string, object: string): number;
  /** Costs as they are written, one an event. */
  addLine(row: number, line: number, costs: readonly string[]): void;
  addCall(row: number, called: number, costs: readonly string[]): void;
  done(warnings: ProfileWarning[]): CallGraph;
}

function graphBuilder(): GraphBuilder {
  let events = ['cost'];
  const names: string[] = [];
  const urls: string[] = [];
  const functions = new Map<string, number>();
  const lines = new PairIndex();
  const calls = new PairIndex();
  const lineCosts: number[][] = Array.from({ length: MAX_EVENTS }, () => []);
  const callCosts: number[][] = Array.from({ length: MAX_EVENTS }, () => []);
  const lastCosts: number[] = [];
  let badCosts = 0;

  const addCosts = (target: number[][], row: number, costs: readonly string[]): void => {
    for (let i = 0; i < Math.min(events.length, MAX_EVENTS); i++) {
      const cost = costOf(costs[i] ?? '0', lastCosts[i] ?? 0);
      if (costs[i] !== undefined) lastCosts[i] = cost;
      const column = target[i] as number[];
      const isCost = cost >= 0 && cost <= Number.MAX_SAFE_INTEGER;
      if (!isCost) badCosts++;
      column[row] = (column[row] ?? 0) + (isCost ? cost : 0);
    }
  };
  const columns = (costs: number[][], length: number): number[][] =>
    costs.slice(0, events.length).map((column) => Array.from({ length }, (_, row) => column[row] ?? 0));

  return {
    setEvents(own) {
      events = own;
    },
    functionOf(name, file, object) {
      const key = `${object}\0${file}\0${name}`;
      let row = functions.get(key);
      if (row === undefined) {
        row = names.length;
        functions.set(key, row);
        names.push(name);
        urls.push(file === '???' ? '' : file);
      }
      return row;
    },
    addLine: (row, line, costs) => addCosts(lineCosts, lines.intern(row, line), costs),
    addCall: (row, called, costs) => addCosts(callCosts, calls.intern(row, called), costs),
    done(warnings) {
      if (badCosts > 0) warnings.push({ kind: 'bad-costs', count: badCosts });
      if (events.length > MAX_EVENTS) warnings.push({ kind: 'unread-measures', count: events.length - MAX_EVENTS });
      return {
        events: events.slice(0, MAX_EVENTS),
        names,
        urls,
        lines,
        calls,
        lineCosts: columns(lineCosts, lines.length),
        callCosts: columns(callCosts, calls.length),
        warnings,
      };
    },
  };
}

interface CurrentPlace {
  /** A line `name=value`. What is not known, as jumps, costs nothing. */
  set(name: string, value: string): void;
  /** The function that costs belong to; -1 before the first. */
  current(): number;
  /** Whether the lines are those of the function's own file. */
  isInOwnFile(): boolean;
  /** What is called by the next line of costs, which then is over; undefined where they are the function's own. */
  takeCall(): { readonly called: number } | undefined;
}

/** Which function, file and call the following lines of costs are about. */
function currentPlace(functionOf: GraphBuilder['functionOf']): CurrentPlace {
  const known = { file: new Map<string, string>(), fn: new Map<string, string>(), object: new Map<string, string>() };
  let [object, file, lineFile, calledFile, calledObject] = ['', '', '', '', ''];
  let current = -1;
  let called = -1;
  let isCall = false;
  return {
    current: () => current,
    isInOwnFile: () => lineFile === file,
    takeCall() {
      if (!isCall) return undefined;
      const taken = { called };
      isCall = false;
      called = -1;
      calledFile = calledObject = '';
      return taken;
    },
    set(name, value) {
      switch (name) {
        case 'ob':
          object = nameOf(value, known.object);
          break;
        case 'fl':
          file = lineFile = nameOf(value, known.file);
          break;
        case 'fi':
        case 'fe':
          lineFile = nameOf(value, known.file);
          break;
        case 'fn':
          current = functionOf(nameOf(value, known.fn), file, object);
          lineFile = file;
          break;
        case 'cob':
          calledObject = nameOf(value, known.object);
          break;
        case 'cfi':
        case 'cfl':
          calledFile = nameOf(value, known.file);
          break;
        case 'cfn':
          called = functionOf(nameOf(value, known.fn), calledFile || file, calledObject || object);
          break;
        case 'calls':
          isCall = true;
          break;
      }
    },
  };
}

/** The text that a number in brackets stands for, which came with it the first time. */
function nameOf(text: string, table: Map<string, string>): string {
  const match = /^\((\d+)\)(?: (.*))?$/.exec(text);
  if (!match) return text;
  const [, id = '', name] = match;
  if (name !== undefined && name !== '') table.set(id, name);
  return table.get(id) ?? '';
}

/** A cost: a number, or how it differs from the one before. */
function costOf(text: string, before: number): number {
  return text === '*' ? before : /^[-+]\d/.test(text) ? before + Number(text) : Number(text);
}

function position(text: string | undefined, before: number): number {
  if (text === '*') return before;
  if (text === undefined || !/^[-+]?(?:0x[0-9a-f]+|\d+)$/i.test(text)) return Number.NaN;
  const size = Number(text.replace(/^[-+]/, ''));
  return text.startsWith('+') ? before + size : text.startsWith('-') ? before - size : size;
}

export const looksLikeCallgrind = (head: string): boolean => /^\s*# callgrind format/.test(head) || (/^events: *\S/m.test(head) && /^(?:fn|fl)=/m.test(head));
