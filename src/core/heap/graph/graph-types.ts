import type { HeapGraph, HeapStrings } from './heap-graph';

/** Where the types that have a meaning stand in a file's own lists; -1 for one that it does not have. */
export interface GraphTypes {
  readonly hidden: number;
  readonly array: number;
  readonly string: number;
  readonly object: number;
  readonly code: number;
  readonly closure: number;
  readonly regexp: number;
  readonly native: number;
  readonly synthetic: number;
  readonly concatenated: number;
  readonly sliced: number;
  readonly edge: {
    readonly context: number;
    readonly element: number;
    readonly property: number;
    readonly internal: number;
    readonly hidden: number;
    readonly shortcut: number;
    readonly weak: number;
    readonly invisible: number;
  };
}

export function graphTypes({ nodeTypes, edgeTypes }: Pick<HeapGraph, 'nodeTypes' | 'edgeTypes'>): GraphTypes {
  const node = (name: string): number => nodeTypes.indexOf(name);
  const edge = (name: string): number => edgeTypes.indexOf(name);
  return {
    hidden: node('hidden'),
    array: node('array'),
    string: node('string'),
    object: node('object'),
    code: node('code'),
    closure: node('closure'),
    regexp: node('regexp'),
    native: node('native'),
    synthetic: node('synthetic'),
    concatenated: node('concatenated string'),
    sliced: node('sliced string'),
    edge: {
      context: edge('context'),
      element: edge('element'),
      property: edge('property'),
      internal: edge('internal'),
      hidden: edge('hidden'),
      shortcut: edge('shortcut'),
      weak: edge('weak'),
      invisible: edge('invisible'),
    },
  };
}

/** A question about a string, by its index: each string is decoded once at most. */
export function stringTest(strings: HeapStrings, test: (text: string) => boolean): (index: number) => boolean {
  // 0 not asked yet, 1 no, 2 yes.
  const known = new Uint8Array(strings.length);
  return (index) => {
    const answer = known[index];
    if (answer === undefined) return false;
    if (answer > 0) return answer === 2;
    const is = test(strings.at(index));
    known[index] = is ? 2 : 1;
    return is;
  };
}

/** Whether a string is this text. */
export function stringIs(strings: HeapStrings, text: string): (index: number) => boolean {
  const first = text.charCodeAt(0);
  const test = stringTest(strings, (one) => one === text);
  return (index) => strings.firstByte(index) === first && test(index);
}

/** The root of the documents of a page: V8 has all other roots of embedders as synthetic nodes that count for nothing. */
export const DOCUMENTS = '(Document DOM trees)';
