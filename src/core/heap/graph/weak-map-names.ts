import type { HeapStrings } from './heap-graph';

/**
 * V8 writes a pair of a WeakMap as two internal edges to the value, one from the table and
 * one from the key, with the same name but for a number in front:
 *
 *   12 / part of key (Object @345) -> value (Foo @347) pair in WeakMap (table @349)
 *
 * Both are needed to keep the value alive, so one of them must not count.
 */
export interface WeakMapPair {
  /** Id of the table. */
  readonly table: number;
  /** The same for both edges of a pair, and for no other: an index from 0. */
  readonly pair: number;
}

/** Pairs by the index of an edge's name; undefined for any other name. Each name is looked at once. */
export function weakMapPairs(strings: HeapStrings): (name: number) => WeakMapPair | undefined {
  const isOther = new Uint8Array(strings.length);
  const known = new Map<number, WeakMapPair>();
  const pairs = new Map<string, number>();
  return (name) => {
    if (isOther[name] !== 0) return undefined;
    const found = known.get(name);
    if (found) return found;
    const first = strings.firstByte(name);
    const parsed = first >= 0x30 && first <= 0x39 ? parsePairName(strings.at(name)) : undefined;
    if (!parsed) {
      isOther[name] = 1;
      return undefined;
    }
    const { rest, table } = parsed;
    const pair = { table, pair: pairs.get(rest) ?? pairs.size };
    pairs.set(rest, pair.pair);
    known.set(name, pair);
    return pair;
  };
}

/**
 * The name without its number, and the table's id; undefined where it is no such name. What
 * stands for key and value may be any text, so one regular expression for all could take
 * quadratic time on a hostile one; these are tried at one place each.
 */
function parsePairName(text: string): { rest: string; table: number } | undefined {
  if (!text.endsWith(')')) return undefined;
  const begin = /^\d+(?= \/ part of key \()/.exec(text);
  const end = / @\d+\) pair in WeakMap \(table @(\d+)\)$/.exec(text.slice(-80));
  if (!begin || !end || /[\n\r\u2028\u2029]/.test(text)) return undefined;
  const middle = text.slice(begin[0].length + BEFORE_KEY, text.length - end[0].length);
  const arrow = / @\d+\) -> value \(/.exec(middle);
  return arrow ? { rest: text.slice(begin[0].length), table: Number(end[1]) } : undefined;
}

const BEFORE_KEY = ' / part of key ('.length;
