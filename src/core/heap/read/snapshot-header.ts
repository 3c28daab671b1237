import { printable } from '../../../shared/format';
import { BRACE, BRACKET, DONE, keySet, QUOTE } from '../../json/json-parts';
import type { JsonScanner } from '../../json/json-scanner';
import { StringInterner } from '../../profile/string-table';

/** The `snapshot` section of a heap snapshot: what its lists of numbers mean, and how long they are. */
export interface SnapshotHeader {
  readonly nodeFields: readonly string[];
  readonly nodeTypes: readonly string[];
  readonly edgeFields: readonly string[];
  readonly edgeTypes: readonly string[];
  readonly locationFields: readonly string[];
  readonly traceFunctionFields: readonly string[];
  /** As told; the lists may have another length. */
  readonly nodeCount: number;
  readonly edgeCount: number;
  /** A number of the list of nodes. */
  readonly rootIndex: number;
  readonly extraNativeBytes: number;
}

/** Reads it from the scanner's place on; what is missing or of another type is empty or 0. */
export function readHeader(scan: JsonScanner): SnapshotHeader {
  const reader = new HeaderReader(scan);
  reader.section();
  const { lists, numbers } = reader;
  const strings = reader.strings.finish();
  const fields = (list: number): string[] => (lists[list] ?? []).map((one) => (typeof one === 'number' ? strings.at(one) : ''));
  // Types of a field stand in a list of their own, at the field's place. They are shown as V8's own words, and a file may have others.
  const types = (list: number, names: readonly string[]): string[] => {
    const own = lists[list]?.[names.indexOf('type')];
    return typeof own === 'object' ? own.map((name) => printable(strings.at(name))) : [];
  };
  const nodeFields = fields(0);
  const edgeFields = fields(2);
  return {
    nodeFields,
    nodeTypes: types(1, nodeFields),
    edgeFields,
    edgeTypes: types(3, edgeFields),
    locationFields: fields(4),
    traceFunctionFields: fields(5),
    nodeCount: numbers[0] ?? 0,
    edgeCount: numbers[1] ?? 0,
    rootIndex: numbers[2] ?? 0,
    extraNativeBytes: numbers[3] ?? 0,
  };
}

const sectionKeys = keySet('node_count', 'edge_count', 'root_index', 'extra_native_bytes', 'meta');
const metaKeys = keySet('node_fields', 'node_types', 'edge_fields', 'edge_types', 'location_fields', 'trace_function_info_fields');
/** V8 has seven fields and fifteen types; their numbers must fit a byte. */
const MOST = 250;

class HeaderReader {
  readonly strings = new StringInterner();
  readonly lists: (number | number[])[][] = [];
  readonly numbers: number[] = [];
  readonly #scan: JsonScanner;

  constructor(scan: JsonScanner) {
    this.#scan = scan;
  }

  section(): void {
    this.#object(sectionKeys, (key) => {
      if (key === 4) this.#object(metaKeys, (list) => this.#list(list));
      else this.numbers[key] = this.#number();
    });
  }

  #object(keys: typeof sectionKeys, value: (key: number) => void): void {
    const scan = this.#scan;
    if (scan.peek('a value') !== BRACE) return scan.skip();
    let key = scan.firstKey(keys);
    while (key !== DONE) {
      if (key < 0) scan.skip();
      else value(key);
      key = scan.nextKey(keys, key + 1);
    }
  }

  #list(key: number): void {
    const list: (number | number[])[] = [];
    this.lists[key] = list;
    this.#each((byte) => {
      if (list.length === MOST) return this.#scan.skip();
      if (byte === BRACKET) {
        const inner: number[] = [];
        list.push(inner);
        this.#each(() => {
          if (inner.length === MOST) this.#scan.skip();
          else inner.push(this.#string());
        });
      } else list.push(this.#string());
    });
  }

  #each(value: (byte: number) => void): void {
    const scan = this.#scan;
    if (scan.peek('a value') !== BRACKET) return scan.skip();
    if (!scan.enter(BRACKET)) return;
    do value(scan.peek('a value'));
    while (scan.more(BRACKET));
  }

  #string(): number {
    if (this.#scan.peek('a value') === QUOTE) return Math.max(0, this.#scan.string(this.strings));
    this.#scan.skip();
    return 0;
  }

  #number(): number {
    const byte = this.#scan.peek('a value');
    if (byte >= 0x30 && byte <= 0x39) {
      const value = this.#scan.number();
      return Number.isSafeInteger(value) ? value : 0;
    }
    this.#scan.skip();
    return 0;
  }
}
