import path from 'node:path';
import { type AddedFunction, type LineMove, moveInlined } from '../core/profile/costs/move-inlined';
import type { ProfileTables } from '../core/profile/tables';
import { readRegularTextSync } from '../files/read-regular-sync';
import { type FunctionExtents, functionExtents, type LineCode } from './function-extents';
import { urlToPath } from './maps/locate';
import { lastWord } from './maps/map-functions';
import { type Observed, observedCallees } from './observed-callees';
import type { SourceFunction } from './parse/parse-functions';

/** Characters of one script that is parsed, and of all: about a second. */
const MOST_TEXT = 2 << 20;
const MOST_ALL = 6 << 20;
/** Of all time what a script, and the lines of one function outside of it, must have to be looked at. */
const LEAST_SCRIPT = 0.003;
const LEAST_LINE = 0.0003;
/** The part of a script's functions that must stand where the text has them, or it is not the text that ran. */
const SAME_TEXT = 0.9;
/** The part of a function's lines outside of it that nobody in its file explains, from which on they are taken for other files'. */
const FOREIGN = 0.25;

/**
 * The profile with the time of inlined functions in those functions: V8 puts it into the function that
 * it was inlined into, and only the lines tell. A line outside of a node's function belongs to
 *
 *   - the function of the same file that has the line, where the node's function can reach it: it holds it,
 *     was seen calling it, or mentions its name, or that of one that does
 *   - else the one function of another file that has the line and that was seen below the node's function
 *
 * Where the text that ran is not at hand (Node.js' own, or changed since), only lines before the function's
 * head are surely outside, and only what was seen below it can be meant. What remains is nobody's line.
 */
export function withInlinedFunctions(tables: ProfileTables): ProfileTables {
  if (tables.lines.length === 0 || tables.unit !== 'microseconds') return tables;
  const scripts = new Scripts(tables);
  const moves = new Map<number, LineMove>();
  const known = new Map<string, LineMove | undefined>();
  const foreign = foreignLines(tables, scripts);
  for (let row = 0; row < tables.lines.length; row++) {
    const func = tables.nodes.func[tables.lines.node[row] as number] as number;
    if (!foreign.has(func)) continue;
    const line = tables.lines.line[row] as number;
    const key = `${func}:${line}`;
    if (!known.has(key)) known.set(key, moveOf(scripts, func, line, foreign.get(func) === true));
    const move = known.get(key);
    if (move) moves.set(row, move);
  }
  return moveInlined(tables, moves, scripts.added);
}

/** By function with lines outside of it: whether too many of them are in no function of its file that it can reach. */
function foreignLines(tables: ProfileTables, scripts: Scripts): Map<number, boolean> {
  const { nodes, lines } = tables;
  const least = LEAST_LINE * (nodes.total[0] as number);
  const sums = new Map<number, { outside: number; alone: number; cost: number }>();
  const known = new Map<string, Standing>();
  for (let row = 0; row < lines.length; row++) {
    const node = lines.node[row] as number;
    const func = nodes.func[node] as number;
    const line = lines.line[row] as number;
    const key = `${func}:${line}`;
    let standing = known.get(key);
    if (!standing) {
      standing = standingOf(scripts, func, line);
      known.set(key, standing);
    }
    if (standing.kind === 'own') continue;
    const sum = sums.get(func) ?? { outside: 0, alone: 0, cost: 0 };
    const ticks = lines.ticks[row] as number;
    sum.outside += ticks;
    sum.cost += ((nodes.self[node] as number) * ticks) / Math.max(1, nodes.hits[node] as number);
    if (standing.kind === 'outside' && standing.near.length === 0) sum.alone += ticks;
    sums.set(func, sum);
  }
  return new Map([...sums].filter(([, { cost }]) => cost >= least).map(([func, { outside, alone }]) => [func, alone > FOREIGN * outside]));
}

/** How a line stands to the function whose node it was told with. */
type Standing =
  | { readonly kind: 'own' }
  /** Within it, in a function that it holds. */
  | { readonly kind: 'within'; readonly fn: SourceFunction }
  /** Outside; `near` are the functions of its file that have the line and that it reaches by its text. */
  | { readonly kind: 'outside'; readonly candidates: readonly SourceFunction[]; readonly near: readonly SourceFunction[] };

const OWN: Standing = { kind: 'own' };

function standingOf(scripts: Scripts, func: number, line: number): Standing {
  const { functions } = scripts.tables;
  const start = functions.line[func] as number;
  if (start < 0 || functions.url[func] === 0) return OWN;
  const script = scripts.of(func);
  const fn = script?.placeOf(func);
  if (!script || fn === 'unknown' || fn === undefined) {
    return line <= start || line > scripts.lastLine(func) ? { kind: 'outside', candidates: [], near: [] } : OWN;
  }
  const own = fn === 'top' ? undefined : fn;
  const { extents } = script;
  const code = extents.codeOn(line);
  if (own && isOnLine(own, line) && (!code || code.around === undefined || !holds(own, code.around))) return standingOn(own, code);
  if (!code) return { kind: 'outside', candidates: [], near: [] };
  const inner = innerOf(own, code, extents);
  if (inner === 'own') return OWN;
  // All functions of a module are within its top: that alone does not say that it calls them.
  if (inner !== undefined && own) return { kind: 'within', fn: inner };
  const candidates = inner === undefined ? candidatesOn(code, own) : [inner];
  return { kind: 'outside', candidates, near: candidates.filter((one) => reaches(extents, own, one)) };
}

/** A line that a function begins or ends on, or has to itself. */
function standingOn(own: SourceFunction, code: LineCode | undefined): Standing {
  const [only, ...more] = code?.within ?? [];
  // All that is on the line is one function within it.
  return only && more.length === 0 && code && !code.hasOwn && code.around === own && only !== own ? { kind: 'within', fn: only } : OWN;
}

const isOnLine = (fn: SourceFunction, line: number): boolean => fn.startLine < line && line <= fn.endLine + 1;
const holds = (outer: SourceFunction | undefined, inner: SourceFunction): boolean =>
  outer === undefined || (outer !== inner && outer.start <= inner.start && inner.end <= outer.end);

/** Where the line lies within the function: it has the line itself, or one of the functions that it holds has. */
function innerOf(own: SourceFunction | undefined, { around, within, hasOwn }: LineCode, extents: FunctionExtents): SourceFunction | 'own' | undefined {
  if (around === own) {
    const [only, ...more] = within;
    return hasOwn || !only || more.length > 0 ? 'own' : only;
  }
  if (around === undefined || !holds(own, around)) return undefined;
  const [only, ...more] = within;
  if (!hasOwn && only && more.length === 0 && extents.parentOf(only) === around) return only;
  return around;
}

/** Functions that have the line, outermost first; none of those that the function itself stands in. */
function candidatesOn({ around, within, hasOwn }: LineCode, own: SourceFunction | undefined): SourceFunction[] {
  const found = [...(around && hasOwn ? [around] : []), ...(around && hasOwn ? [] : within)];
  return found.filter((one) => !(own && holds(one, own)) && one !== own);
}

/** Whether a function can have called another of its file, by their text. */
function reaches(extents: FunctionExtents, from: SourceFunction | undefined, to: SourceFunction): boolean {
  if (extents.reachedFrom(from).has(to)) return true;
  // A callback: what holds it hands it on, to this function or to one that leads here.
  const holder = extents.parentOf(to);
  const hands = (fn: SourceFunction): boolean => extents.mentions(holder, fn) || extents.reachedFrom(holder).has(fn);
  return lastWord(to.name) === '' && (from === undefined ? holder === undefined || extents.reachedFrom(from).has(holder) : hands(from));
}

/** Where the samples of a line go; undefined where they stay. */
function moveOf(scripts: Scripts, func: number, line: number, isForeign: boolean): LineMove | undefined {
  const standing = standingOf(scripts, func, line);
  if (standing.kind === 'own') return undefined;
  const observed = scripts.observed(func);
  if (standing.kind === 'within') return inlined(scripts, func, standing.fn, observed);
  const seen = standing.candidates.filter((one) => observed.has(scripts.rowOf(func, one)));
  if (seen.length === 1) return inlined(scripts, func, seen[0] as SourceFunction, observed);
  const elsewhere = scripts.elsewhere(func, line, observed);
  const [near, ...more] = isForeign || seen.length > 0 ? [] : standing.near;
  if (near && more.length === 0 && elsewhere.length === 0) return inlined(scripts, func, near, observed);
  const [only, ...others] = elsewhere;
  if (seen.length === 0 && !near && only !== undefined && others.length === 0) return { kind: 'inlined', path: observed.pathTo(only) };
  return { kind: 'nowhere' };
}

function inlined(scripts: Scripts, func: number, fn: SourceFunction, observed: Observed): LineMove {
  const row = scripts.rowOf(func, fn);
  const known = row ?? scripts.add(func, fn);
  return { kind: 'inlined', path: row === undefined ? [known] : observed.pathTo(known) };
}

/** A script with the text that ran. */
interface Script {
  readonly extents: FunctionExtents;
  /** What a function of the profile is in the text. */
  placeOf(func: number): SourceFunction | 'top' | 'unknown';
}

/** The scripts of a profile, as far as their texts are at hand, and the functions of each. */
class Scripts {
  readonly tables: ProfileTables;
  readonly added: AddedFunction[] = [];
  readonly #functionsOf = new Map<number, number[]>();
  readonly #costOf = new Map<number, number>();
  readonly #scripts = new Map<number, Script | undefined>();
  readonly #observed = new Map<number, Observed>();
  readonly #rows = new Map<string, number>();
  #left = MOST_ALL;

  constructor(tables: ProfileTables) {
    this.tables = tables;
    const { functions, nodes } = tables;
    for (let func = 0; func < functions.length; func++) {
      const url = functions.url[func] as number;
      if (url === 0 || (functions.line[func] as number) < 0) continue;
      const list = this.#functionsOf.get(url);
      if (list) list.push(func);
      else this.#functionsOf.set(url, [func]);
      this.#rows.set(`${url}:${functions.line[func]}:${functions.column[func]}`, func);
    }
    for (const list of this.#functionsOf.values()) list.sort((a, b) => (functions.line[a] as number) - (functions.line[b] as number));
    for (let node = 0; node < nodes.length; node++) {
      const url = functions.url[nodes.func[node] as number] as number;
      if (url !== 0) this.#costOf.set(url, (this.#costOf.get(url) ?? 0) + (nodes.self[node] as number));
    }
  }

  of(func: number): Script | undefined {
    const url = this.tables.functions.url[func] as number;
    if (!this.#scripts.has(url)) this.#scripts.set(url, this.#open(url));
    return this.#scripts.get(url);
  }

  observed(func: number): Observed {
    let found = this.#observed.get(func);
    if (!found) {
      found = observedCallees(this.tables, func);
      this.#observed.set(func, found);
    }
    return found;
  }

  /** The row of a function in the file of another; undefined where it was never seen by itself. */
  rowOf(like: number, { v8Line, v8Column }: SourceFunction): number | undefined {
    return this.#rows.get(`${this.tables.functions.url[like]}:${v8Line}:${v8Column}`);
  }

  add(like: number, { name, v8Line, v8Column }: SourceFunction): number {
    const row = this.tables.functions.length + this.added.length;
    this.added.push({ name, like, line: v8Line, column: v8Column });
    this.#rows.set(`${this.tables.functions.url[like]}:${v8Line}:${v8Column}`, row);
    return row;
  }

  /**
   * The last line (1-based) that a function without a text may have: it ends before the next one that is declared
   * at the top of its file, which the column of its parameters tells, as in `function nextTick(` at 17.
   */
  lastLine(func: number): number {
    const { functions } = this.tables;
    if (!this.#isDeclaredOnTop(func)) return Number.POSITIVE_INFINITY;
    const start = functions.line[func] as number;
    const next = this.#functionsOf.get(functions.url[func] as number)?.find((one) => (functions.line[one] as number) > start && this.#isDeclaredOnTop(one));
    return next === undefined ? Number.POSITIVE_INFINITY : (functions.line[next] as number);
  }

  #isDeclaredOnTop(func: number): boolean {
    const { functions, strings } = this.tables;
    const name = strings.at(functions.name[func] as number);
    const column = functions.column[func] as number;
    return name !== '' && (column === name.length + 'function '.length || column === name.length + 'async function '.length);
  }

  /** Functions of other files that have a line and were seen below a function. Without a text, one begins before the line and the next one behind it. */
  elsewhere(func: number, line: number, observed: Observed): number[] {
    const { functions } = this.tables;
    const url = functions.url[func] as number;
    return observed.functions.filter((one) => {
      if (one === func || (functions.url[one] === url && this.of(func) !== undefined)) return false;
      const start = functions.line[one] as number;
      if (start < 0 || start >= line || functions.url[one] === 0) return false;
      const script = this.of(one);
      const fn = script?.placeOf(one);
      if (!script || fn === undefined || fn === 'unknown') return line <= Math.min(this.lastLine(one), this.#nextStart(one));
      if (fn === 'top') return false;
      const code = script.extents.codeOn(line);
      return code !== undefined && (code.hasOwn ? code.around === fn || (code.around === undefined && code.within.includes(fn)) : code.within.includes(fn));
    });
  }

  #nextStart(func: number): number {
    const { functions } = this.tables;
    const start = functions.line[func] as number;
    const next = this.#functionsOf.get(functions.url[func] as number)?.find((one) => (functions.line[one] as number) > start);
    return next === undefined ? Number.POSITIVE_INFINITY : (functions.line[next] as number);
  }

  #open(url: number): Script | undefined {
    const { strings, functions, nodes } = this.tables;
    if ((this.#costOf.get(url) ?? 0) < LEAST_SCRIPT * (nodes.total[0] as number)) return undefined;
    const file = urlToPath(strings.at(url));
    if (file === undefined || !path.isAbsolute(file) || !/\.[cm]?[jt]sx?$/i.test(file)) return undefined;
    const read = readRegularTextSync(file, { most: MOST_TEXT });
    if (!read.ok || read.value.length > this.#left) return undefined;
    this.#left -= read.value.length;
    const extents = functionExtents(read.value, file);
    const own = this.#functionsOf.get(url) ?? [];
    if (!extents) return undefined;
    const placeOf = (func: number): SourceFunction | 'top' | 'unknown' => {
      const line = functions.line[func] as number;
      const column = functions.column[func] as number;
      const found = extents.at(line, column);
      if (found) return found;
      // V8's `<instance_members_initializer>` and the like are of no function of the text.
      return line === 0 && column <= 0 && !strings.at(functions.name[func] as number).startsWith('<') ? 'top' : 'unknown';
    };
    const inner = own.filter((func) => placeOf(func) !== 'top' && !strings.at(functions.name[func] as number).startsWith('<'));
    const fitting = inner.filter((func) => placeOf(func) !== 'unknown').length;
    return fitting >= SAME_TEXT * inner.length ? { extents, placeOf } : undefined;
  }
}
