import { DETACHED } from '../graph/detachedness';
import { graphTypes } from '../graph/graph-types';
import type { HeapGraph, HeapLocations } from '../graph/heap-graph';
import { matchShapes, type ObjectShape, type PlainObjects } from '../graph/object-shapes';

/** What objects are counted by. */
export interface ClassName {
  /** The same in every snapshot: `script,line,column,name` for objects whose constructor stands somewhere, else `,name`. */
  readonly key: string;
  readonly name: string;
  /** Where the constructor stands (0-based); undefined for what has no place. */
  readonly location: { readonly scriptId: number; readonly line: number; readonly column: number } | undefined;
}

export interface Classes {
  /** Row of `names`, by node. */
  readonly classOf: Uint32Array;
  readonly names: readonly ClassName[];
}

/**
 * Classes as DevTools names them: objects and what is native by their name, `<div id=…>` as
 * `<div>`; plain objects by their shape; everything else by its type.
 *
 * Classes are equal where their keys are. DevTools counts by a string's place in its table
 * and makes keys afterwards, so that of two classes with one key, as `Function` of closures
 * and of `Object.create(Function.prototype)`, it loses the first. Here both are counted.
 */
export function classify(graph: HeapGraph, detachedness: Uint8Array, plain: PlainObjects, shapes: readonly ObjectShape[]): Classes {
  const { nodes, locations, strings, nodeTypes } = graph;
  const types = graphTypes(graph);
  const names: ClassName[] = [];
  const byKey = new Map<string, number>();
  const rowOf = (name: string, location?: ClassName['location']): number => {
    const key = location ? `${location.scriptId},${location.line},${location.column},${name}` : `,${name}`;
    let row = byKey.get(key);
    if (row === undefined) {
      row = names.push({ key, name, location }) - 1;
      byKey.set(key, row);
    }
    return row;
  };
  const ofType = nodeTypes.map((type, t) =>
    t === types.hidden ? '(system)' : t === types.code ? '(compiled code)' : t === types.closure ? 'Function' : t === types.regexp ? 'RegExp' : `(${type})`,
  );
  // Rows by type or by name, one more than the row, once they are known.
  const typeRows = new Uint32Array(256);
  const nameRows = new Uint32Array(strings.length + 1);
  const detachedRows = new Map<number, number>();
  const located = new LocatedRows();
  const classOf = new Uint32Array(nodes.length);
  const { type: nodeType, name: nodeName } = nodes;
  let location = 0;
  let nextPlain = 0;
  const shapeOf = matchShapes(plain, shapes);
  for (let n = 0; n < nodes.length; n++) {
    const type = nodeType[n] as number;
    const isObject = type === types.object;
    if (!isObject && type !== types.native) {
      let row = typeRows[type] as number;
      if (row === 0) {
        row = rowOf(ofType[type] ?? '(unknown)') + 1;
        typeRows[type] = row;
      }
      classOf[n] = row - 1;
      continue;
    }
    while (location < locations.length && (locations.node[location] as number) < n) location++;
    const isPlain = plain.nodes[nextPlain] === n;
    const shape = isPlain ? (shapeOf[plain.group[nextPlain++] as number] as number) : -1;
    const index = Math.min(nodeName[n] as number, strings.length);
    const isDetached = !isObject && detachedness[n] === DETACHED && nodes.hasDetachedness;
    if (isObject && locations.node[location] === n) {
      const slot = located.slot(locations, location, shape < 0 ? index : strings.length + 1 + shape);
      let row = located.rows[slot] as number;
      if (row === 0) {
        const place = {
          scriptId: locations.scriptId[location] as number,
          line: locations.line[location] as number,
          column: locations.column[location] as number,
        };
        row = rowOf(shape < 0 ? elementName(strings.at(index)) : (shapes[shape] as ObjectShape).name, place) + 1;
        located.rows[slot] = row;
      }
      classOf[n] = row - 1;
    } else if (shape >= 0) classOf[n] = rowOf((shapes[shape] as ObjectShape).name);
    else if (isDetached) {
      let row = detachedRows.get(index);
      if (row === undefined) {
        row = rowOf(elementName(`Detached ${strings.at(index)}`));
        detachedRows.set(index, row);
      }
      classOf[n] = row;
    } else {
      let row = nameRows[index] as number;
      if (row === 0) {
        row = rowOf(elementName(strings.at(index))) + 1;
        nameRows[index] = row;
      }
      classOf[n] = row - 1;
    }
  }
  return { classOf, names };
}

/** `<div id="a">` as `<div>`, also where it is detached. */
function elementName(name: string): string {
  const from = name.startsWith('<') ? 0 : name.startsWith('Detached <') ? 10 : -1;
  const space = from < 0 ? -1 : name.indexOf(' ', from);
  return space < 0 ? name : `${name.slice(0, space)}>`;
}

/**
 * Rows by place and name, 0 where there is none yet. Half of all objects have a constructor
 * with a place: to make the key's text for each took a second of a million. Open addressing.
 */
class LocatedRows {
  rows = new Uint32Array(1 << 10);
  #keys = new Uint32Array(4 << 10);
  #used = 0;

  /** Where its row stands; holds until the next call. */
  slot(locations: HeapLocations, at: number, name: number): number {
    if (this.#used * 2 > this.rows.length) this.#grow();
    return this.#find(locations.scriptId[at] as number, locations.line[at] as number, locations.column[at] as number, name);
  }

  #find(script: number, line: number, column: number, name: number): number {
    const keys = this.#keys;
    const mask = this.rows.length - 1;
    let hash = Math.imul(script, 0x9e3779b1) ^ Math.imul(line, 0x85ebca6b) ^ Math.imul(column, 0xc2b2ae35) ^ Math.imul(name, 0x27d4eb2f);
    hash ^= hash >>> 15;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const k = slot * 4;
      if (this.rows[slot] === 0) {
        // A slot is taken by its keys; the caller gives it its row at once.
        keys[k] = script;
        keys[k + 1] = line;
        keys[k + 2] = column;
        keys[k + 3] = name;
        this.#used++;
        return slot;
      }
      if (keys[k] === script && keys[k + 1] === line && keys[k + 2] === column && keys[k + 3] === name) return slot;
    }
  }

  #grow(): void {
    const { rows } = this;
    const keys = this.#keys;
    this.rows = new Uint32Array(rows.length * 4);
    this.#keys = new Uint32Array(keys.length * 4);
    this.#used = 0;
    rows.forEach((row, slot) => {
      const k = slot * 4;
      if (row !== 0) this.rows[this.#find(keys[k] as number, keys[k + 1] as number, keys[k + 2] as number, keys[k + 3] as number)] = row;
    });
  }
}
