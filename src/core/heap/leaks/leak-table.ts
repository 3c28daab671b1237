/**
 * What grew as often as the program was exercised, by class alone, as a comparison of
 * snapshots shows it: where no holder was found, that nothing leaks is not sure.
 */

import { typedName } from '../graph/comparable-names';
import type { HeapGraph } from '../graph/heap-graph';
import type { PathTree } from '../paths/path-tree';

export interface GrownClass {
  readonly name: string;
  /** Objects in each snapshot. */
  readonly counts: readonly [number, number, number];
  /** Of the objects themselves, by which they grew in both rounds. */
  readonly bytes: number;
}

/** Exercises in a round: numbers below come about by chance. */
const LEAST_TIMES = 5;
/** Classes that are told, those with most bytes. */
const MOST_TOLD = 12;
/** What a program makes; of the rest V8 makes as many as it likes. */
const KINDS = /^(?:object|closure|native|synthetic|regexp)(?::|$)/;
const V8S = /^[a-z]+:(?:system \/ |\(|$)/;

/** Classes of which both rounds made the same whole number for each exercise. Counts what is kept. */
export function grownClasses(graphs: readonly HeapGraph[], trees: readonly PathTree[], times: number | undefined): GrownClass[] {
  if (times === undefined || times < LEAST_TIMES) return [];
  const [first, second, third] = graphs.map((graph, i) => countClasses(graph, trees[i] as PathTree)) as [Classes, Classes, Classes];
  const grown: GrownClass[] = [];
  for (const [name, [count, size]] of third) {
    const [before, sizeBefore] = first.get(name) ?? [0, 0];
    const [between] = second.get(name) ?? [0, 0];
    const one = between - before;
    if (one <= 0 || count - between !== one || one % times !== 0 || !KINDS.test(name) || V8S.test(name)) continue;
    grown.push({ name: name.slice(name.indexOf(':') + 1), counts: [before, between, count], bytes: size - sizeBefore });
  }
  return grown.sort((a, b) => b.bytes - a.bytes || a.name.localeCompare(b.name)).slice(0, MOST_TOLD);
}

type Classes = ReadonlyMap<string, readonly [number, number]>;

function countClasses(graph: HeapGraph, { order }: PathTree): Classes {
  const classes = new Map<string, [number, number]>();
  for (const node of order) {
    const name = typedName(graph, node);
    const size = graph.nodes.selfSize[node] as number;
    const known = classes.get(name);
    if (known) {
      known[0]++;
      known[1] += size;
    } else classes.set(name, [1, size]);
  }
  return classes;
}

/** Bytes of what is kept, without code: V8 compiles what runs often, and makes a table of a script's lines for whoever asks for places. */
export function keptBytes({ nodes, nodeTypes, extraNativeBytes }: HeapGraph, { order }: PathTree): number {
  const code = nodeTypes.indexOf('code');
  let sum = extraNativeBytes;
  for (const node of order) if (nodes.type[node] !== code) sum += nodes.selfSize[node] as number;
  return sum;
}
