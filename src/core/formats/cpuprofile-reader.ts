import type { ForeignFormat } from '../../shared/issue';
import { BRACE, BRACKET, DONE, keySet, QUOTE } from '../json/json-parts';
import type { JsonScanner } from '../json/json-scanner';
import { ScanStop } from '../json/json-window';
import { RawProfile } from '../profile/build/raw-profile';
import type { Column } from '../profile/growable';

// In the order that V8 writes them: the key after the last one is tried first.
const topKeys = keySet('nodes', 'samples', 'timeDeltas', 'startTime', 'endTime', 'profile', 'timestamps', 'head', 'traceEvents', 'snapshot', '$schema', 'meta');
const nodeKeys = keySet('id', 'callFrame', 'hitCount', 'children', 'positionTicks', 'deoptReason', 'parent');
const frameKeys = keySet('functionName', 'url', 'lineNumber', 'columnNumber');
const tickKeys = keySet('line', 'ticks');

/** Of a node with its call frame, as V8 writes most of them; samples come on top. */
const BYTES_OF_NODE = 200;
/** Beyond, a file that lies about its size would cost more than copying. */
const MOST_EXPECTED = 1 << 22;
/**
 * Eighteen hours at one sample a millisecond. A list of numbers takes eight bytes a number here and
 * as few as two in the file, so that a file made for it could take many times its size in memory.
 */
export const MOST_SAMPLES = 1 << 26;

/** Reads the JSON of a `.cpuprofile` into a `RawProfile`, and counts what does not fit. */
export class CpuProfileReader {
  readonly raw: RawProfile;
  sawNodes = false;
  nodesOffset = 0;
  foreign: ForeignFormat | undefined;
  badValues = 0;
  firstBadValue = 0;
  /** Samples, times and children beyond `mostSamples`. */
  surplus = 0;
  readonly #mostSamples: number;
  readonly #scan: JsonScanner;
  #name = 0;
  #url = 0;
  #line = -1;
  #column = -1;

  constructor(scan: JsonScanner, size: number, mostSamples: number) {
    this.#scan = scan;
    this.#mostSamples = mostSamples;
    this.raw = new RawProfile(Math.min(MOST_EXPECTED, Math.ceil(size / BYTES_OF_NODE)));
  }

  /** Reads what there is; gives the place where it had to stop, if before the end. */
  read(): ScanStop | undefined {
    try {
      const first = this.#scan.peek('{');
      if (first === BRACKET) {
        this.foreign = looksLikeTrace(this.#scan.head) ? 'chrome-trace' : 'unknown-json';
        return undefined;
      }
      this.#profile(0);
      if (!this.#scan.atEnd()) this.#scan.fail('the end of the file');
      return undefined;
    } catch (error) {
      if (error instanceof ScanStop) return error;
      throw error;
    }
  }

  #profile(level: number): void {
    const scan = this.#scan;
    const { raw } = this;
    if (!scan.enter(BRACE)) return;
    do {
      switch (scan.key(topKeys.names)) {
        case 0:
          this.#nodes();
          break;
        case 1:
          this.#numbers(raw.sampleIds, Number.NaN, this.#mostSamples);
          break;
        case 2:
          this.#numbers(raw.timeDeltas, 0, this.#mostSamples);
          break;
        case 3:
          raw.startTime = this.#number(Number.NaN);
          break;
        case 4:
          raw.endTime = this.#number(Number.NaN);
          break;
        case 5:
          // `{"profile": …}`: the answer of Profiler.stop, saved as it came.
          if (level === 0 && scan.peek('a value') === BRACE) this.#profile(1);
          else scan.skip();
          break;
        case 6:
          this.#numbers(raw.timestamps, 0, this.#mostSamples);
          break;
        case 7:
          this.#foreignSection(looksLikeHeapProfile(scan.head) ? 'heap-profile' : 'nested-cpuprofile');
          break;
        case 8:
          this.#foreignSection('chrome-trace');
          break;
        case 9:
          this.#foreignSection('heap-snapshot');
          break;
        case 10:
          this.#foreignSection('speedscope');
          break;
        case 11:
          this.#foreignSection('firefox-profile');
          break;
        default:
          scan.skip();
      }
    } while (scan.more(BRACE));
  }

  #foreignSection(found: ForeignFormat): void {
    if (!this.sawNodes) this.foreign ??= found;
    this.#scan.skip();
  }

  #nodes(): void {
    const scan = this.#scan;
    this.sawNodes = true;
    scan.peek('[');
    this.nodesOffset = scan.offset;
    if (scan.peek('[') !== BRACKET) return this.#bad();
    if (!scan.enter(BRACKET)) return;
    do {
      scan.position = scan.fast?.nodes(scan.bytes, scan.position, this.raw, this.#mostSamples) ?? scan.position;
      if (scan.ends(BRACKET)) return;
      if (scan.peek('a node') === BRACE) this.#node();
      else this.#bad();
    } while (scan.more(BRACKET));
  }

  #node(): void {
    const scan = this.#scan;
    const { raw } = this;
    const row = raw.ids.length;
    const childStart = raw.childIds.length;
    const tickStart = raw.tickNode.length;
    let id = Number.NaN;
    let parentId = Number.NaN;
    let hits = 0;
    let deopt = 0;
    this.#name = this.#url = 0;
    this.#line = this.#column = -1;
    try {
      for (let key = scan.firstKey(nodeKeys); key !== DONE; key = scan.nextKey(nodeKeys, key + 1)) {
        switch (key) {
          case 0:
            id = this.#number(Number.NaN);
            break;
          case 1:
            this.#callFrame();
            break;
          case 2:
            hits = this.#count();
            break;
          case 3:
            this.#numbers(raw.childIds, Number.NaN, this.#mostSamples);
            break;
          case 4:
            this.#positionTicks(row);
            break;
          case 5:
            deopt = this.#string();
            break;
          case 6:
            parentId = this.#number(Number.NaN);
            break;
          default:
            scan.skip();
        }
      }
    } catch (error) {
      // The file ends within this node: without its end it is not to be trusted.
      raw.childIds.truncate(childStart);
      raw.tickNode.truncate(tickStart);
      raw.tickLine.truncate(tickStart);
      raw.tickCount.truncate(tickStart);
      throw error;
    }
    raw.ids.push(id);
    raw.func.push(raw.functions.intern(this.#name, this.#url, this.#line, this.#column));
    raw.hitCount.push(hits);
    raw.deopt.push(deopt);
    raw.firstChild.push(childStart);
    if (Number.isNaN(parentId)) return;
    while (raw.parentId.length < row) raw.parentId.push(Number.NaN);
    raw.parentId.push(parentId);
  }

  #callFrame(): void {
    const scan = this.#scan;
    if (scan.peek('{') !== BRACE) return this.#bad();
    for (let key = scan.firstKey(frameKeys); key !== DONE; key = scan.nextKey(frameKeys, key + 1)) {
      switch (key) {
        case 0:
          this.#name = isDigit(scan.peek('a string')) ? this.raw.strings.intern(String(scan.number())) : this.#string();
          break;
        case 1:
          this.#url = this.#string();
          break;
        case 2:
          this.#line = this.#position();
          break;
        case 3:
          this.#column = this.#position();
          break;
        default:
          scan.skip();
      }
    }
  }

  #positionTicks(row: number): void {
    const scan = this.#scan;
    if (scan.peek('[') !== BRACKET) return this.#bad();
    if (!scan.enter(BRACKET)) return;
    do {
      if (scan.peek('{') !== BRACE) {
        this.#bad();
        continue;
      }
      let line = 0;
      let ticks = 0;
      for (let key = scan.firstKey(tickKeys); key !== DONE; key = scan.nextKey(tickKeys, key + 1)) {
        if (key === 0) line = this.#count();
        else if (key === 1) ticks = this.#count();
        else scan.skip();
      }
      this.raw.tickNode.push(row);
      this.raw.tickLine.push(line);
      this.raw.tickCount.push(ticks);
    } while (scan.more(BRACKET));
  }

  #numbers(column: Column<Float64Array>, fallback: number, most = Number.POSITIVE_INFINITY): void {
    const scan = this.#scan;
    if (scan.peek('[') !== BRACKET) return this.#bad();
    if (!scan.enter(BRACKET)) return;
    do {
      this.#integers(column, most);
      if (scan.ends(BRACKET)) return;
      column.push(this.#number(fallback));
      if (column.length > most) {
        this.surplus += column.length - most;
        column.truncate(most);
      }
    } while (scan.more(BRACKET));
  }

  /** As many as stand plain in the window, up to a list more than `most`. */
  #integers(column: Column<Float64Array>, most: number): void {
    const scan = this.#scan;
    for (let isFull: boolean | undefined = true; isFull && column.length <= most; ) {
      isFull = scan.fast?.integers(scan, true, (values) => column.append(values));
    }
  }

  /** A number between `least` and `most`. Beyond 2^53 microseconds cannot be told apart, nor can ids. */
  #number(fallback: number, least = Number.MIN_SAFE_INTEGER, most = Number.MAX_SAFE_INTEGER): number {
    const scan = this.#scan;
    const byte = scan.peek('a number');
    if (byte === 0x2d || isDigit(byte)) {
      const { offset } = scan;
      const value = scan.number();
      if (value >= least && value <= most) return value;
      this.#note(offset);
      return fallback;
    }
    this.#bad();
    return fallback;
  }

  /** A count of ticks or a 1-based line; anything that is no 32-bit count is 0. */
  #count(): number {
    return Math.floor(this.#number(0, 0, 0xffff_fffe));
  }

  /** V8 itself writes places before the start of a script, `columnNumber: -196`, where a loader has wrapped its text: they are none, and no damage. */
  #position(): number {
    return Math.max(-1, Math.floor(this.#number(-1, -0x7fff_ffff, 0x7fff_fffe)));
  }

  #string(): number {
    if (this.#scan.peek('a string') !== QUOTE) {
      this.#bad();
      return 0;
    }
    const { offset } = this.#scan;
    const index = this.#scan.string(this.raw.strings);
    if (index >= 0) return index;
    this.#note(offset);
    return 0;
  }

  #bad(): void {
    const { offset } = this.#scan;
    this.#scan.skip();
    this.#note(offset);
  }

  #note(offset: number): void {
    if (this.badValues++ === 0) this.firstBadValue = offset;
  }
}

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

const looksLikeHeapProfile = (head: Uint8Array): boolean => /"selfSize"/.test(String.fromCharCode(...head));
const looksLikeTrace = (head: Uint8Array): boolean => /"ph"\s*:/.test(String.fromCharCode(...head));
