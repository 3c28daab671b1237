/**
 * Ways to a root of which what is said again and again is said once: the way from the end
 * of a linked list has a step for each of its items.
 *
 *   .next of Job · .next of Job · .next of Job … (199,996 times) · .next of Job · .jobs of Queue
 *
 * Up to MOST_PERIOD steps that follow each other may repeat, as in lists whose items are
 * held by cells. A way that is still long loses its middle. Linear in the steps.
 */
import { plural } from '../../../shared/format';
import type { LeftOut } from '../../../shared/heap-query';
import { alikeEdge, typedName } from '../graph/comparable-names';
import type { HeapGraph } from '../graph/heap-graph';
import type { RetainingPath } from './retaining-paths';

export interface FoldedStep {
  /** Place of the step in the way. */
  readonly at: number;
  readonly leftOut: LeftOut | undefined;
}

const MOST_PERIOD = 4;
/** Fewer are not left out. */
const LEAST_LEFT_OUT = 4;
/** Steps that are shown of each end. */
const MOST_END = 50;

/** What each step of a way is compared by, the nearest to the object first: its class, and how it holds the step before it. */
export function stepKeys(graph: HeapGraph, { nodes, edges }: RetainingPath): string[] {
  return edges.map((edge, i) => `${graph.edges.type[edge]} ${alikeEdge(graph, edge)} ${typedName(graph, nodes[i + 1] as number)}`);
}

/** Steps that stay of those with these keys, of which equal ones are alike. Before a gap stand two rounds of what repeats, after it one. */
export function foldSteps(keys: readonly string[]): FoldedStep[] {
  const shown: FoldedStep[] = [];
  for (let at = 0; at < keys.length; ) {
    const run = longestRun(keys, at);
    if (!run) {
      shown.push({ at: at++, leftOut: undefined });
      continue;
    }
    const head = at + 2 * run.period;
    const tail = at + run.length - run.period;
    for (; at < head; at++) shown.push({ at, leftOut: at === head - 1 ? { steps: tail - head, period: run.period } : undefined });
    at = tail;
    for (; at < tail + run.period; at++) shown.push({ at, leftOut: undefined });
  }
  return withoutMiddle(shown, keys.length);
}

/** What repeats from here, in the shortest period that does. */
function longestRun(keys: readonly string[], from: number): { readonly period: number; readonly length: number } | undefined {
  for (let period = 1; period <= MOST_PERIOD; period++) {
    let end = from + period;
    while (end < keys.length && keys[end] === keys[end - period]) end++;
    const length = end - from;
    if (length >= 3 * period + LEAST_LEFT_OUT) return { period, length };
  }
  return undefined;
}

function withoutMiddle(shown: FoldedStep[], length: number): FoldedStep[] {
  if (shown.length <= 2 * MOST_END + 1) return shown;
  const head = shown.slice(0, MOST_END);
  const tail = shown.slice(-MOST_END);
  const last = head.at(-1)?.at ?? 0;
  const next = tail[0]?.at ?? length;
  return [...head.slice(0, -1), { at: last, leftOut: { steps: next - last - 1, period: 0 } }, ...tail];
}

/** As both shells write it. */
export function leftOutText({ steps, period }: LeftOut): string {
  if (period === 0) return `${plural(steps, 'step')} left out`;
  return `${plural(steps, 'step')} more like the ${period === 1 ? 'last one' : `last ${period}`}`;
}
