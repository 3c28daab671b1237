import v8 from 'node:v8';
import { weighText } from '../../shared/json-weight';

/** Bytes of this thread's heap that are free. */
function heapFree(): number {
  const { heap_size_limit: limit, used_heap_size: used } = v8.getHeapStatistics();
  return limit - used;
}

/**
 * As `JSON.parse`, for large texts that a program may have written: one that needs more than `most` bytes of the
 * heap is refused before, since the process would die of it. Throws for that as for what is no JSON.
 */
export function parseWeighed(text: string, most = heapFree()): unknown {
  // No character needs more than a list of one element does.
  if (text.length * 56 > most && weighText(text).heap > most) throw new RangeError('it needs more memory than there is');
  return JSON.parse(text);
}
