import { graphTypes } from '../graph/graph-types';
import type { HeapAnalysis } from './analyze-heap';

/**
 * The nodes that keep most alive, by falling retained size, `top` at most: of those that a
 * root holds. What lies below another in the dominator tree is part of that one, and
 * V8's own roots (synthetic nodes) are no answer.
 */
export function largestRetainers(analysis: HeapAnalysis, top: number): number[] {
  const { graph, dominator, retainedSize } = analysis;
  const { synthetic } = graphTypes(graph);
  const { type } = graph.nodes;
  const found: number[] = [];
  for (let n = 1; n < dominator.length; n++) {
    const up = dominator[n] as number;
    if (type[n] !== synthetic && (up === 0 || type[up] === synthetic)) found.push(n);
  }
  return found.sort((a, b) => (retainedSize[b] as number) - (retainedSize[a] as number) || a - b).slice(0, top);
}
