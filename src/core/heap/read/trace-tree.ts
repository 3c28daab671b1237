import { BRACKET } from '../../json/json-parts';
import type { JsonScanner } from '../../json/json-scanner';
import { intColumn, uintColumn } from '../../profile/growable';
import type { AllocationTraces, HeapStrings } from '../graph/heap-graph';
import { type BadValues, readRecords } from './number-records';

/**
 * Where objects were allocated, as V8 writes it while it tracks allocations:
 *
 *   trace_function_infos: [function_id, name, script_name, script_id, line, column, …]
 *   trace_tree: [id, function row, count, size, [the same of its callees, one after the other]]
 *
 * A node of the heap names a trace by its id. The tree is read without recursion.
 */
export class TraceTable {
  readonly #parent = intColumn();
  readonly #func = uintColumn();
  readonly #id = uintColumn();
  #functions: number[][] = [];

  functions(scan: JsonScanner, fields: readonly string[], bad: BadValues): void {
    const width = fields.length;
    if (width === 0) return scan.skip();
    const wanted = ['name', 'script_name', 'script_id', 'line', 'column'].map((name) => fields.indexOf(name));
    readRecords(scan, width, bad, (flat, records) => {
      for (let i = 0; i < records; i++) this.#functions.push(wanted.map((field) => (field < 0 ? 0 : (flat[i * width + field] as number))));
    });
  }

  tree(scan: JsonScanner, bad: BadValues): void {
    if (!scan.enter(BRACKET)) return;
    // The lists that are open: whose callees they hold, and how much of a row has been read.
    const owners: number[] = [-1];
    let place = 0;
    let row = -1;
    const places: number[] = [];
    while (owners.length > 0) {
      const byte = scan.peek('a value');
      if (byte === BRACKET) {
        if (place !== 4) bad.add(scan.offset);
        if (scan.enter(BRACKET)) {
          owners.push(row);
          places.push(place);
          place = 0;
          continue;
        }
        place++;
      } else {
        const value = this.#number(scan, byte, bad);
        if (place === 0) row = this.#open(owners[owners.length - 1] as number, value);
        else if (place === 1) this.#func.set(row, value);
        place++;
      }
      if (place >= 5) place = 0;
      while (owners.length > 0 && !scan.more(BRACKET)) {
        owners.pop();
        const outer = places.pop();
        if (outer === undefined) break;
        row = owners.length > 0 ? row : -1;
        place = 0;
      }
    }
  }

  finish(strings: HeapStrings): AllocationTraces | undefined {
    if (this.#id.length === 0) return undefined;
    const functions = this.#functions.map(([name = 0, url = 0, scriptId = 0, line = 0, column = 0]) => ({
      name: strings.at(name),
      url: strings.at(url),
      scriptId,
      line,
      column,
    }));
    return { length: this.#id.length, parent: this.#parent.take(), func: this.#func.take(), id: this.#id.take(), functions };
  }

  #open(parent: number, id: number): number {
    this.#parent.push(parent);
    this.#func.push(0);
    this.#id.push(id);
    return this.#id.length - 1;
  }

  #number(scan: JsonScanner, byte: number, bad: BadValues): number {
    const { offset } = scan;
    if (byte >= 0x30 && byte <= 0x39) {
      const value = scan.number();
      if (Number.isSafeInteger(value)) return value;
    } else scan.skip();
    bad.add(offset);
    return 0;
  }
}
