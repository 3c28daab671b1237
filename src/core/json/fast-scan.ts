import type { RawProfile } from '../profile/build/raw-profile';
import { asciiBytes } from './json-parts';
import { scanWasm } from './scan-wasm';

/** What `src/wasm/scan.ts` exports. Addresses in bytes. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly windowAt: Global;
  readonly windowSize: Global;
  readonly idsAt: Global;
  readonly funcsAt: Global;
  readonly hitsAt: Global;
  readonly deoptsAt: Global;
  readonly firstsAt: Global;
  readonly listSize: Global;
  readonly childrenAt: Global;
  readonly numbersAt: Global;
  readonly tickNodesAt: Global;
  readonly tickLinesAt: Global;
  readonly tickCountsAt: Global;
  readonly position: Global;
  readonly nodeCount: Global;
  readonly childCount: Global;
  readonly tickCount: Global;
  readonly from: Global;
  readonly to: Global;
  readonly name: Global;
  readonly url: Global;
  readonly line: Global;
  readonly column: Global;
  literalAt(index: number): number;
  addString(index: number): number;
  addFunc(row: number): number;
  reset(): void;
  clear(): void;
  nodes(start: number, stop: number, nodeBase: number, childBase: number): number;
  integers(start: number, stop: number, withSigns: number): number;
}
interface Global {
  readonly value: number;
}

/** What V8 writes between the values of a node, in the order of `literal` in `src/wasm/scan.ts`. */
const literals = [
  '{"id":',
  ',"callFrame":{"functionName":"',
  ',"scriptId":"',
  '","url":"',
  ',"lineNumber":',
  ',"columnNumber":',
  '},"hitCount":',
  ',"children":[',
  ',"positionTicks":[',
  ',"deoptReason":"',
  '{"line":',
  ',"ticks":',
] as const;

/** Why `nodes` has stopped, as there. */
const Stop = { Other: 0, String: 1, Func: 2, Full: 3 } as const;

/**
 * The short cuts through what most of a profile or snapshot is, in WebAssembly. Whoever
 * reads through a window has its bytes in `window`, and is told how far they were read;
 * what does not stand as V8 writes it is left to the scanner of JSON.
 */
export class FastScan {
  /** Where the bytes have to lie. */
  readonly window: Uint8Array<ArrayBuffer>;
  readonly #wasm: Exports;
  readonly #numbers: Float64Array<ArrayBuffer>;

  constructor(wasm: Exports) {
    this.#wasm = wasm;
    const { buffer } = wasm.memory;
    this.window = new Uint8Array(buffer, wasm.windowAt.value, wasm.windowSize.value);
    this.#numbers = new Float64Array(buffer, wasm.numbersAt.value, wasm.listSize.value);
    literals.forEach((text, i) => {
      new Uint8Array(buffer).set(asciiBytes(text), wasm.literalAt(i));
    });
  }

  /** Whether it can see these bytes. */
  sees(bytes: Uint8Array): boolean {
    return bytes.buffer === this.window.buffer;
  }

  /**
   * Adds nodes to `raw` from those at `position` of `bytes` on; gives where it has stopped: at a node, or
   * at anything else. Children are left to the caller once there are more than `mostChildren`.
   */
  nodes(bytes: Uint8Array, position: number, raw: RawProfile, mostChildren: number): number {
    const wasm = this.#wasm;
    const stop = bytes.byteOffset + bytes.length;
    let at = bytes.byteOffset + position;
    let isDone = false;
    while (!isDone && raw.childIds.length + wasm.listSize.value <= mostChildren) {
      wasm.clear();
      let why: number;
      do {
        why = wasm.nodes(at, stop, raw.ids.length, raw.childIds.length);
        at = wasm.position.value;
      } while (this.#tell(why, raw));
      this.#take(raw);
      isDone = why !== Stop.Full;
    }
    return at - bytes.byteOffset;
  }

  /**
   * Whole numbers from the position on that have commas behind them, with signs or not, as many as fit: they are
   * handed over for the time of the call, and the position is behind them. Whether there may be more.
   */
  integers(at: { readonly bytes: Uint8Array; position: number }, withSigns: boolean, take: (values: Float64Array) => void): boolean {
    const wasm = this.#wasm;
    const { bytes } = at;
    const count = wasm.integers(bytes.byteOffset + at.position, bytes.byteOffset + bytes.length, withSigns ? 1 : 0);
    at.position = wasm.position.value - bytes.byteOffset;
    if (count > 0) take(this.#numbers.subarray(0, count));
    return count === this.#numbers.length;
  }

  /** Forgets what it knows of a profile. */
  reset(): void {
    this.#wasm.reset();
  }

  /** Tells the name or function that was not known; false where it cannot go on with that. */
  #tell(why: number, raw: RawProfile): boolean {
    const wasm = this.#wasm;
    if (why === Stop.String) {
      const from = wasm.from.value - this.window.byteOffset;
      const to = wasm.to.value - this.window.byteOffset;
      return wasm.addString(raw.strings.internBytes(this.window, from, to)) !== 0;
    }
    if (why === Stop.Func) return wasm.addFunc(raw.functions.intern(wasm.name.value, wasm.url.value, wasm.line.value, wasm.column.value)) !== 0;
    return false;
  }

  #take(raw: RawProfile): void {
    const { memory, idsAt, funcsAt, hitsAt, deoptsAt, firstsAt, childrenAt, tickNodesAt, tickLinesAt, tickCountsAt, ...wasm } = this.#wasm;
    const column = (at: Global, length: Global): Uint32Array => new Uint32Array(memory.buffer, at.value, length.value);
    const { nodeCount, childCount, tickCount } = wasm;
    if (nodeCount.value === 0) return;
    raw.ids.append(column(idsAt, nodeCount));
    raw.func.append(column(funcsAt, nodeCount));
    raw.hitCount.append(column(hitsAt, nodeCount));
    raw.deopt.append(column(deoptsAt, nodeCount));
    raw.firstChild.append(column(firstsAt, nodeCount));
    raw.childIds.append(column(childrenAt, childCount));
    raw.tickNode.append(column(tickNodesAt, tickCount));
    raw.tickLine.append(column(tickLinesAt, tickCount));
    raw.tickCount.append(column(tickCountsAt, tickCount));
  }
}

declare const WebAssembly: { Module: new (bytes: Uint8Array) => object; Instance: new (module: object) => { readonly exports: object } } | undefined;
declare const atob: (text: string) => string;

let module: object | undefined;
/** Kept for the next reader: its tables are virtual memory, but not for nothing. */
let idle: FastScan | undefined;

/** Lends a `FastScan` to `use`; undefined where there is no WebAssembly, as under `--jitless`, or no room for it. */
export function withFastScan<T>(use: (fast: FastScan | undefined) => T): T {
  const fast = idle ?? makeFastScan();
  idle = undefined;
  if (!fast) return use(undefined);
  try {
    return use(fast);
  } finally {
    fast.reset();
    idle = fast;
  }
}

function makeFastScan(): FastScan | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  try {
    module ??= new WebAssembly.Module(asciiBytes(atob(scanWasm)));
    return new FastScan(new WebAssembly.Instance(module).exports as Exports);
  } catch (error) {
    // Its memory takes gigabytes of addresses, which a limit (`ulimit -v`) may not leave.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
