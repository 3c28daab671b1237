import type { HeapAnalysis } from '../analysis/analyze-heap';
import { DETACHED } from '../graph/detachedness';

/** Native objects (elements, as a rule) that left their document but are still alive, by falling retained size. */
export function detachedNodes({ detachedness, retainedSize }: HeapAnalysis): number[] {
  const found: number[] = [];
  for (let n = 0; n < detachedness.length; n++) if (detachedness[n] === DETACHED) found.push(n);
  return found.sort((a, b) => (retainedSize[b] as number) - (retainedSize[a] as number) || a - b);
}
